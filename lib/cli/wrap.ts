/** Breaks a line between words where a screen would break it inside one. */

/**
 * @param columns Width of the screen; undefined where nobody looks at columns, such as in a file.
 * @param indent Spaces before every line but the first.
 */
export function wrap(text: string, columns: number | undefined, indent: number): string {
  if (columns === undefined) return text;
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) /)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (visible(longer) <= columns || line === '') line = longer;
    else {
      lines.push(line);
      line = `${margin}${word}`;
    }
  }
  return [...lines, line].join('\n');
}

/** Colours take no room on the screen. */
function visible(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a colour begins with
  return text.replaceAll(/\u001b\[[\d;]*m/g, '').length;
}
