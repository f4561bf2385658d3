/** The line of a .gitignore that keeps run folders out of commits. */

const LINE = 'runs/';

/** `runs`, `/runs/`, `runs/*`, and those below any folder: each keeps the folder at the root out. */
const IGNORES_RUNS = /^(?:\*\*\/|\/)?runs(?:\/(?:\*{1,2})?)?[ \t]*$/m;

/** @returns What has to be added at the end of the text, in its own line ends; empty when it has the line. */
export function withRunsIgnored(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  if (IGNORES_RUNS.test(lines)) return '';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text === '' || text.endsWith('\n') ? '' : end}${LINE}${end}`;
}
