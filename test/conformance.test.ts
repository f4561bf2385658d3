/** The frame of the conformance command, on ledgers made up for it. The real one is a step of CI by itself. */

import { describe, expect, it } from 'vitest';
import { type Behaviour, type Section, tally, without } from './conformance/ledger.ts';
import { runLedger } from './conformance/run-ledger.ts';

const PASSING: Behaviour = {
  id: 'made-up.passes',
  behaviour: 'it answers',
  source: 'a probe',
  status: 'recorded',
  check: () => {},
};

describe('the ledger', () => {
  it('is a table by section: each behaviour, its source, the result, and a sum at the end', async () => {
    const failing = entry('made-up.fails', () => {
      throw new Error('expected 200, got 500');
    });
    const { text, code } = await run([section('First', PASSING), section('Second', failing)]);
    expect(text).toBe(
      [
        '',
        'First',
        '',
        '  pass  it answers                         recorded    a probe',
        '',
        'Second',
        '',
        '  FAIL  it answers                         recorded    a probe',
        '        expected 200, got 500',
        '',
        '2 behaviours in 2 sections',
        '1 passed, 1 failed, 0 skipped',
        '',
      ].join('\n'),
    );
    expect(code).toBe(1);
  });

  it('counts every check of a group, and tells those that failed', async () => {
    const cases = Array.from({ length: 40 }, (_, index) => ({ name: `case ${index}`, index }));
    const group = entry('made-up.group', () =>
      tally(cases, async ({ index }) => {
        if (index >= 28) throw new Error(`${index} is too many`);
      }),
    );
    const { text, code } = await run([section('Groups', group, PASSING)]);
    expect(text).toContain('  FAIL  40 checks  it answers');
    expect(text).toContain('\n        case 28: 28 is too many\n');
    expect(text).toContain('\n        case 37: 37 is too many\n        and 2 more\n');
    expect(text).toMatch(/\n29 passed, 12 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });

  it('does not take a group without its cases for a pass', async () => {
    const short = { ...entry('made-up.short', () => tally([{ name: 'one' }], () => {})), atLeast: 900 };
    const { text, code } = await run([section('Groups', short)]);
    expect(text).toContain('made 1 checks, and should make at least 900');
    expect(text).toMatch(/\n1 passed, 1 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });

  it('says why anything was skipped, under its row and above the sum, and passes', async () => {
    const skips = ['one', 'two'].map((id) => entry(id, () => ({ skip: 'there is no such folder' })));
    const { text, code } = await run([section('Skips', ...skips, PASSING)]);
    expect(text).toContain('  skip  it answers');
    expect(text).toContain('\n        there is no such folder\n');
    expect(text).toMatch(
      /\nskipped one, two: there is no such folder\n3 behaviours in 1 section\n1 passed, 0 failed, 2 skipped\n$/,
    );
    expect(code).toBe(0);
  });

  it('skips what lacks a part, and fails where that part is required', () => {
    const before = process.env['REGIONFALL_REQUIRE'];
    try {
      process.env['REGIONFALL_REQUIRE'] = 'chromium';
      expect(without('vectors', 'they are not here')).toEqual({ skip: 'they are not here' });
      process.env['REGIONFALL_REQUIRE'] = 'chromium, vectors';
      expect(() => without('vectors', 'they are not here')).toThrow('lists vectors, but they are not here');
    } finally {
      if (before === undefined) delete process.env['REGIONFALL_REQUIRE'];
      else process.env['REGIONFALL_REQUIRE'] = before;
    }
  });

  it('is one JSON object when asked', async () => {
    const { text, code } = await run([section('First', PASSING)], { json: true });
    expect(JSON.parse(text)).toEqual({
      passed: 1,
      failed: 0,
      skipped: 0,
      sections: [
        {
          title: 'First',
          findings: [
            {
              id: 'made-up.passes',
              behaviour: 'it answers',
              source: 'a probe',
              status: 'recorded',
              result: 'pass',
              checks: 1,
              passed: 1,
              failures: [],
              skipped: '',
            },
          ],
        },
      ],
    });
    expect(code).toBe(0);
  });

  it('keeps its columns on a screen of any width', async () => {
    const long = { ...PASSING, behaviour: 'a word and another '.repeat(9).trim(), source: 'x'.repeat(9) };
    for (const columns of [20, 80, 200]) {
      const { text } = await run([section('Widths', long)], { columns });
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(
        Math.max(columns, 70),
      );
    }
  });
});

describe('a section', () => {
  it('closes what it opened after its last check, and the next one comes after', async () => {
    const order: string[] = [];
    const opening = (name: string): Section => ({
      title: name,
      behaviours: async (scope) => {
        order.push(`${name} opens`);
        scope.defer(() => void order.push(`${name} closes`));
        return [entry(`${name}.check`, () => void order.push(`${name} checks`))];
      },
    });
    await run([opening('a'), opening('b')]);
    expect(order).toEqual(['a opens', 'a checks', 'a closes', 'b opens', 'b checks', 'b closes']);
  });

  it('that cannot be put up or taken down fails, and the others go on', async () => {
    const broken: Section = {
      title: 'Broken',
      behaviours: (scope) => {
        scope.defer(() => {
          throw new Error('will not close');
        });
        throw new Error('no port was free');
      },
    };
    const { text, code } = await run([broken, section('Sound', PASSING)]);
    expect(text).toContain('        no port was free');
    expect(text).toContain('        will not close');
    expect(text).toMatch(/\n1 passed, 2 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });

  it('fails a check that does not end', async () => {
    const hanging = entry('made-up.hangs', () => new Promise<void>(() => {}));
    const { text, code } = await run([section('Slow', hanging, PASSING)], { deadlineMs: 1 });
    expect(text).toContain('was not done after 0.001 s');
    expect(text).toMatch(/\n1 passed, 1 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });

  it('may not use a name that is taken', async () => {
    const { text, code } = await run([section('First', PASSING), section('Second', PASSING)]);
    expect(text).toContain("'made-up.passes' is there twice");
    expect(code).toBe(1);
  });
});

function entry(id: string, check: Behaviour['check']): Behaviour {
  return { ...PASSING, id, check };
}

function section(title: string, ...behaviours: readonly Behaviour[]): Section {
  return { title, behaviours: () => behaviours };
}

async function run(
  sections: readonly Section[],
  options: { readonly json?: boolean; readonly columns?: number; readonly deadlineMs?: number } = {},
) {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  const code = await runLedger(sections, { columns: 80, ...options, write });
  return { text, code };
}
