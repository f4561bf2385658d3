import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findXmlProblem, MESSAGE_LIMITS } from './xml-scan.ts';
import { parseXml } from './xml-tree.ts';

describe('the scan of XML', () => {
  test.each([
    '<a/>',
    '<?xml version="1.0"?><a/>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n<a/>\n",
    '<!-- x --><a b="1" c=\'"\' d = "&lt;&#65;&#x41;"><b>t &amp; ]</b><!-- - --></a ><!--y-->',
    '<x:a xmlns:x="urn:x">\u00e9\u{1f600}</x:a>',
  ])('lets %s pass', (text) => {
    expect(findXmlProblem(text)).toBeUndefined();
    expect(parseXml(text)).toBeDefined();
  });

  test.each<[string, string]>([
    ['', 'it ends too early'],
    ['x', 'text outside the root'],
    ['<a>', 'it ends too early'],
    ['<a></b>', 'an end without a start'],
    ['<a></a></a>', 'an end without a start'],
    ['<a/><b/>', 'more than one root'],
    ['<a b=c/>', 'an attribute without quotes'],
    ['<a b/>', 'an attribute without a value'],
    ['<a b="1"c="2"/>', 'a tag that goes wrong'],
    ['<a b="1" b="2"/>', 'an attribute without a name, or twice'],
    ['<a b="<"/>', 'a tag within an attribute'],
    ['<a/ >', 'a tag that goes wrong'],
    ['< a/>', 'a tag without a name'],
    ['<a:b:c/>', 'a tag that goes wrong'],
    ['<a>&b;</a>', 'a reference to an entity'],
    ['<a>&</a>', 'a reference to an entity'],
    ['<a>&#xFFFE;</a>', 'a reference to a character that XML does not have'],
    ['<a>\u0000</a>', 'a character that XML does not have'],
    ['<a>\ud800</a>', 'a character that XML does not have'],
    ['<!--a--b--><a/>', 'a comment that does not end'],
    ['<!--->', 'a comment that does not end'],
    ['<a><![CDATA[x]]></a>', 'a document type, an entity or CDATA'],
    ['<a><?p?></a>', 'a processing instruction'],
    [' <?xml version="1.0"?><a/>', 'a processing instruction'],
    ['<?xml version="1.1"?><a/>', 'a processing instruction'],
    ['<?xml version="1.0" encoding="UTF-16"?><a/>', 'a processing instruction'],
  ])('stops %j: %s', (text, problem) => {
    expect(findXmlProblem(text)).toBe(problem);
  });

  test.each<[string, number, (count: number) => string]>([
    ['depth', 64, (count) => '<a>'.repeat(count) + '</a>'.repeat(count)],
    ['elements', 2_000, (count) => `<a>${'<a/>'.repeat(count - 1)}</a>`],
    ['attributes', 1_000, (count) => `<a>${'<a b=""/>'.repeat(count)}</a>`],
    ['references', 1_000, (count) => `<a b="${'&lt;'.repeat(count - 1)}">&#65;</a>`],
    [
      'names',
      200,
      (count) => `<a>${Array.from({ length: count - 1 }, (_, index) => `<a${index}/>`).join('')}</a>`,
    ],
    ['characters', 100_000, (count) => `<a>${' '.repeat(count - 7)}</a>`],
  ])('counts %s', (limit, most, make) => {
    expect(MESSAGE_LIMITS).toMatchObject({ [limit]: most });
    expect(findXmlProblem(make(most))).toBeUndefined();
    expect(findXmlProblem(make(most + 1))).toBeDefined();
  });

  test('lets nothing pass that the parser complains about', () => {
    const piece = fc.constantFrom(
      ...[
        '<a>',
        '</a>',
        '<b/>',
        '<a b="1">',
        "<a b='&amp;'>",
        '<!--x-->',
        'x',
        '&lt;',
        '&#9;',
        ' ',
        '\n',
        '"',
        '>',
        '<',
        '/',
        '=',
        '-',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `<r>${pieces.join('')}</r>`;
        // Undeclared prefixes and the like aside, which cannot be made of these pieces.
        return findXmlProblem(text) !== undefined || parseXml(text) !== undefined;
      }),
      { numRuns: 3_000 },
    );
  });
});
