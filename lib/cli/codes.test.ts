import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from './codes.ts';

const LIB = resolve(import.meta.dirname, '..');

function codesInSources(): readonly string[] {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('codes.ts'),
  );
  const texts = files.map((name) => readFileSync(join(LIB, name), 'utf8'));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/'(RF-[A-Z][A-Z-]+)'/g)].map(([, code = '']) => code),
  );
  return [...new Set(found)].sort();
}

describe('the table of codes', () => {
  const own = CODES.filter((code) => code.origin === 'regionfall').map(({ code }) => code);

  test('explains every code that the sources use, and no other', () => {
    expect(own.toSorted()).toEqual(codesInSources());
  });

  test('explains every code that the emulated STS answers with', () => {
    const texts = ['errors.ts', join('federation', 'federation-errors.ts')].map((name) =>
      readFileSync(join(LIB, 'sts', name), 'utf8'),
    );
    const used = texts.flatMap((text) => [...text.matchAll(/code: '(\w+)'/g)].map(([, code = '']) => code));
    expect(used.length).toBeGreaterThan(20);
    const explained = CODES.map(({ code }) => code);
    expect([...new Set(used)].filter((code) => !explained.includes(code))).toEqual([]);
  });

  test('has each code once', () => {
    expect(new Set(CODES.map(({ code }) => code)).size).toBe(CODES.length);
  });
});
