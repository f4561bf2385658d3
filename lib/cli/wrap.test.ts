import { expect, test } from 'vitest';
import { wrap } from './wrap.ts';

test('a line that fits, or that nobody sees in columns, stays as it is', () => {
  expect(wrap('  ✓ short', 20, 4)).toBe('  ✓ short');
  expect(wrap('a line for a file, however long it may be', undefined, 4)).toBe(
    'a line for a file, however long it may be',
  );
});

test('a long line breaks between words, indented, and colours take no room', () => {
  expect(wrap('  \u001b[32m✓ pass\u001b[39m: served after 187 ms', 20, 4)).toBe(
    '  \u001b[32m✓ pass\u001b[39m: served\n    after 187 ms',
  );
});

test('a word longer than the screen keeps its own line', () => {
  expect(wrap('see runs/20261124T210000Z-region-outage/report.html now', 20, 2)).toBe(
    'see\n  runs/20261124T210000Z-region-outage/report.html\n  now',
  );
});
