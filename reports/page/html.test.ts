import fc from 'fast-check';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { html } from './html.ts';

describe('html', () => {
  it('escapes what is put into text and attributes', () => {
    const hostile = `"><script>alert('1')</script>&`;
    expect(String(html`<p title="${hostile}">${hostile}</p>`)).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</p>',
    );
  });

  it('keeps markup of its own, joins lists and leaves out what is absent', () => {
    const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);
    expect(String(html`<ul>${items}${false}${null}${undefined}${0}</ul>`)).toBe(
      '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>',
    );
  });

  it('makes control characters and turned writing direction visible', () => {
    expect(String(html`${'a\u0000b\u202ec\u001b[31m'}`)).toBe('a\ufffdb\ufffdc\ufffd[31m');
  });

  it('gives back any text unchanged through a parser, and never an element', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '`', '/', 'a', '=', ' ', ';') }),
        (text) => {
          const { document } = parseHTML(
            `<!doctype html><html><body>${html`<p title="${text}">${text}</p>`}</body></html>`,
          );
          const paragraph = document.querySelector('p');
          expect(document.body.children.length).toBe(1);
          expect(paragraph?.children.length).toBe(0);
          expect(paragraph?.textContent).toBe(text);
          expect(paragraph?.getAttribute('title')).toBe(text);
        },
      ),
    );
  });

  it('keeps a figure on one line with its unit', () => {
    expect(String(html`${'5 ms (95 % interval −1 to 2 points, n = 12, ± 3 s), 4 seconds'}`)).toBe(
      '5\u00a0ms (95\u00a0% interval −1 to 2\u00a0points, n\u00a0=\u00a012, ±\u00a03\u00a0s), 4 seconds',
    );
  });
});
