/**
 * The one place where text becomes markup. Names, codes and messages in a run come from callers and answers and
 * are never trusted: whatever is put into the `html` template is escaped unless it is markup made here.
 */

/** Markup that is safe to place into a page. Only this file can make one. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  toString(): string {
    return this.#markup;
  }

  /** For markup of our own making (the stylesheet, serialised drawings); never for text of a run. */
  static trusted(markup: string): Html {
    return new Html(markup);
  }
}

export type HtmlValue = Html | string | number | bigint | false | null | undefined | readonly HtmlValue[];

/**
 * `html\`<td title="${name}">${name}</td>\``: values are escaped, lists are joined, `false`, `null` and
 * `undefined` leave nothing. Attributes must be quoted in the template.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = parts[0] ?? '';
  values.forEach((value, index) => {
    markup += markupOf(value) + (parts[index + 1] ?? '');
  });
  return Html.trusted(markup);
}

function markupOf(value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return (value as readonly HtmlValue[]).map(markupOf).join('');
  return escapeText(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Control characters and the marks that turn the direction of writing could make one text look like another:
 * they become U+FFFD, visibly.
 */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Noncharacter_Code_Point}\ufeff]/gu;

/** A figure stays on one line with its unit, `n = 12` and `± 3 ms` with their parts. */
const BEFORE_UNIT =
  /(?<=\d) (?=(?:%|µs|ms|s|min|points?)(?![\w-]))|(?<=\bn) (?== )|(?<=\bn[ \u00a0]=) (?=\d)|(?<=±) (?=\d)/g;

function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(BEFORE_UNIT, '\u00a0')
    .replace(UNPRINTABLE, '\ufffd')
    .replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
