import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventBody, FaultPlanned, JournalEvent, LinkRecord } from '../../journal/event.ts';
import { testTerminal } from '../test-terminal.ts';
import { openProgress } from './progress.ts';
import { advance, INITIAL_STATUS, type RunStatus } from './run-status.ts';
import { statusBlock } from './status-block.ts';

const SECOND_US = 1_000_000;
const ORIGIN_US = 7_000 * SECOND_US;

function link(host: string, servingRegion: string): LinkRecord {
  const location = 'eu-west-1';
  return {
    id: `${location}->${host}`,
    location,
    host,
    servingRegion,
    partition: 'aws',
    roundTripMs: 1,
    modelled: false,
  };
}

const NO_COUNTS = { planned: 0, ok: 0, failed: 0, indeterminate: 0, dropped: 0 };

/** A run that is 21 seconds into its load, with eu-west-1 refusing. `seconds` are of the run. */
const STORY: readonly (readonly [seconds: number, body: EventBody])[] = [
  [
    -2,
    {
      kind: 'run.opened',
      runId: 'r',
      scenario: 'region-outage',
      seed: 7,
      versions: {},
      machine: { platform: 'linux', cpus: 2, memoryMb: 1 },
      engine: 'embedded',
      network: 'embedded',
    },
  ],
  [
    -1,
    {
      kind: 'world.ready',
      era: '2026',
      regions: ['eu-west-1', 'us-east-1'],
      links: [
        link('sts.eu-west-1.amazonaws.com', 'eu-west-1'),
        link('sts.us-east-1.amazonaws.com', 'us-east-1'),
        link('sts.amazonaws.com', 'eu-west-1'),
      ],
      accounts: [],
      networkLimits: [],
    },
  ],
  [0, { kind: 'load.started', originUs: ORIGIN_US, durationUs: 50 * SECOND_US, planned: 2000, callers: [] }],
  [
    15,
    {
      kind: 'fault.planned',
      fault: 'outage',
      faultKind: 'refused',
      title: 'eu-west-1 refuses connections',
      fromUs: 15 * SECOND_US,
      toUs: 30 * SECOND_US,
      links: ['eu-west-1->sts.eu-west-1.amazonaws.com'],
      regions: ['eu-west-1'],
    },
  ],
  [15, { kind: 'fault.applied', fault: 'outage', requestedUs: 15 * SECOND_US }],
  [15.2, { kind: 'fault.probed', fault: 'outage', phase: 'during', proved: true, probes: [] }],
  [
    20,
    {
      kind: 'load.progress',
      counts: { planned: 800, ok: 780, failed: 20, indeterminate: 0, dropped: 0 },
      lagMsMax: 1.25,
      perGroup: {},
      perLink: {
        'eu-west-1->sts.eu-west-1.amazonaws.com': { ok: 0, failed: 8 },
        'us-east-1->sts.eu-west-1.amazonaws.com': { ok: 0, failed: 4 },
        'eu-west-1->sts.us-east-1.amazonaws.com': { ok: 38, failed: 0 },
      },
    },
  ],
];

function eventAt(seconds: number, body: EventBody): JournalEvent {
  return { monoUs: ORIGIN_US + seconds * SECOND_US, wallMs: 0, ...body };
}

const events = STORY.map(([seconds, body]) => eventAt(seconds, body));
const status = (): RunStatus => events.reduce(advance, INITIAL_STATUS);
const block = (columns: number, rows = 24): string[] =>
  statusBlock(status(), ORIGIN_US + 21 * SECOND_US, { columns, rows }).map((line) =>
    line.map((span) => span.text).join(''),
  );

describe('the status of a run', () => {
  test('shows a line per Region with its rates, the fault in force and the time left', () => {
    expect(block(120)).toEqual([
      'region-outage  seed 7  21 s of 50 s ━━━━━━━━━━━━━━━━━━━━',
      '  eu-west-1     0 ok/s   12 failing  ▌outage 9 s left',
      '  us-east-1    38 ok/s    0 failing',
      '  global        0 ok/s    0 failing',
      '  fault outage: in force, seen to bite  eu-west-1 refuses connections',
      '  780 ok  20 failed  0 indeterminate  0 dropped  generator late by 1.3 ms at worst',
    ]);
  });

  test.each([5, 20, 40, 79])('never fills the last of %i columns', (columns) => {
    for (const line of block(columns)) expect([...line].length).toBeLessThan(columns);
  });

  test('never fills the last row of the screen', () => {
    expect(block(80, 4)).toHaveLength(3);
  });

  test('goes back to no rates when the load has ended', () => {
    const ended = advance(
      status(),
      eventAt(50, { kind: 'load.ended', counts: NO_COUNTS, attempts: 0, stoppedEarly: false, lagMsMax: 0 }),
    );
    expect(ended.stage).toBe('measuring');
    expect([...ended.rates.values()].every((rate) => rate.okPerSecond + rate.failedPerSecond === 0)).toBe(
      true,
    );
  });

  test('says that a fault was not seen to bite', () => {
    const deaf = advance(
      status(),
      eventAt(16, { kind: 'fault.probed', fault: 'outage', phase: 'during', proved: false, probes: [] }),
    );
    expect(deaf.faults[0]?.proved).toBe(false);
  });
});

/** The status block of a story told from the load's start on, as text; the lines on faults only. */
function faultLinesOf(bodies: readonly EventBody[], seconds: number, rows = 24): string[] {
  const told = [...events.slice(0, 3), ...bodies.map((body) => eventAt(seconds, body))];
  const size = { columns: 200, rows };
  return statusBlock(told.reduce(advance, INITIAL_STATUS), ORIGIN_US + seconds * SECOND_US, size)
    .map((line) => line.map((span) => span.text).join(''))
    .filter((line) => /fault|healed|more|▌/.test(line));
}

const planned = (fault: string, change: Partial<FaultPlanned> = {}): FaultPlanned => ({
  kind: 'fault.planned',
  fault,
  faultKind: 'refused',
  title: `title of ${fault}`,
  fromUs: 10 * SECOND_US,
  toUs: 20 * SECOND_US,
  links: ['eu-west-1->sts.eu-west-1.amazonaws.com'],
  regions: ['eu-west-1'],
  ...change,
});
const applied = (fault: string): EventBody => ({ kind: 'fault.applied', fault, requestedUs: 0 });
const bites = (fault: string, proved: boolean): EventBody => ({
  kind: 'fault.probed',
  fault,
  phase: 'during',
  proved,
  probes: [],
});
const healed = (fault: string): EventBody => ({ kind: 'fault.healed', fault, healed: true });

describe('the faults of a run', () => {
  const parts = [
    planned('outage/silence', { group: 'outage' }),
    planned('outage/names', { group: 'outage', fromUs: 12 * SECOND_US, toUs: 25 * SECOND_US }),
  ];

  test('are shown as the group that a person named', () => {
    const inForce = [...parts, applied('outage/silence'), applied('outage/names')];
    expect(faultLinesOf([...inForce, bites('outage/silence', true)], 13)).toEqual([
      '  eu-west-1     0 ok/s    0 failing  ▌outage 12 s left',
      '  fault outage: in force  title of outage/silence; title of outage/names',
    ]);
    const proof = [bites('outage/silence', true), bites('outage/names', true)];
    expect(faultLinesOf([...inForce, ...proof], 13)[1]).toContain('in force, seen to bite');
    const toothless = [bites('outage/silence', true), bites('outage/names', false)];
    expect(faultLinesOf([...inForce, ...toothless], 13)[1]).toContain('not seen to bite');
  });

  test('wait for the part of a group that comes next', () => {
    const [first, second] = parts as [FaultPlanned, FaultPlanned];
    const story = [first, applied(first.fault), healed(first.fault), { ...second, fromUs: 18 * SECOND_US }];
    expect(faultLinesOf(story, 15)).toEqual([expect.stringContaining('fault outage: in 3 s')]);
  });

  test('say how long a growing one takes to its full strength', () => {
    const story = [planned('slow', { fullUs: 16 * SECOND_US }), applied('slow')];
    expect(faultLinesOf(story, 12)[1]).toBe('  fault slow: growing, in full in 4 s  title of slow');
    expect(faultLinesOf(story, 17)[1]).toBe('  fault slow: in force  title of slow');
  });

  test('that are over share a line where there is no room for all, and the counts keep theirs', () => {
    const names = ['outage', ...Array.from({ length: 8 }, (_, index) => `outage/${index + 2}`)];
    const story = names.flatMap((name) => [planned(name), applied(name), healed(name)]);
    const again = [...story, planned('outage/10'), applied('outage/10')];
    expect(faultLinesOf(again, 15).slice(1)).toEqual([
      `  healed: ${names.join(', ')}`,
      '  fault outage/10: in force  title of outage/10',
    ]);
    const many = Array.from({ length: 12 }, (_, index) => planned(`fault-${index + 1}`));
    expect(faultLinesOf(many, 5, 10)).toEqual([
      expect.stringContaining('fault fault-1:'),
      expect.stringContaining('fault fault-2:'),
      expect.stringContaining('fault fault-3:'),
      '  and 9 more',
    ]);
  });
});

describe('plain progress', () => {
  test('is a line per event worth telling, with the time of the run', () => {
    const terminal = testTerminal();
    using progress = openProgress('auto', terminal, () => 0);
    for (const event of events) progress.event(event);
    expect(terminal.messages).toEqual([
      '          run r, seed 7, engine embedded, network embedded',
      '          the world is open: eu-west-1, us-east-1',
      '   0.0 s  load started: 2000 arrivals from 0 callers in 50.00 s',
      '  15.0 s  fault outage: in force',
      '  15.2 s  fault outage: seen to bite',
    ]);
    expect(terminal.results).toEqual([]);
  });

  test('has a heartbeat where nothing else happens', () => {
    const terminal = testTerminal();
    using progress = openProgress('plain', terminal, () => 0);
    for (const event of events) progress.event(event);
    for (let second = 21; second <= 36; second += 1)
      progress.event(eventAt(second, STORY[6]?.[1] as EventBody));
    expect(terminal.messages.filter((line) => line.includes('780 ok'))).toEqual([
      '  26.0 s  load: 780 ok, 20 failed, 0 indeterminate, 0 dropped; eu-west-1 0/s and 12/s failing, us-east-1 38/s',
      '  36.0 s  load: 780 ok, 20 failed, 0 indeterminate, 0 dropped; eu-west-1 0/s and 12/s failing, us-east-1 38/s',
    ]);
  });
});

test('a stop condition that ends a run says so, and stays on the screen', () => {
  const aborted = eventAt(30, {
    kind: 'run.aborted',
    by: 'stop-condition',
    reason: 'the success ratio was 40 %',
  });
  const said = 'aborting by a stop condition: the success ratio was 40 %';
  for (const canDraw of [false, true]) {
    const terminal = testTerminal({ canDraw, columns: 120 });
    using progress = openProgress('auto', terminal, () => ORIGIN_US);
    for (const event of [...events, aborted]) progress.event(event);
    expect(terminal.messages.at(-1)).toContain(`  30.0 s  ${said}`.slice(canDraw ? 2 : 0));
  }
});

describe('drawn progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('erases as many lines as it drew, and gives the cursor back', () => {
    const terminal = testTerminal({ canDraw: true, columns: 120 });
    const progress = openProgress('auto', terminal, () => ORIGIN_US + 21 * SECOND_US);
    for (const event of events) progress.event(event);
    vi.advanceTimersByTime(250);
    expect(terminal.messages.at(-1)).toContain('\u001b[6F\u001b[0Jregion-outage');
    progress.message('Ctrl-C: stopping');
    expect(terminal.messages.at(-1)).toContain('\u001b[6F\u001b[0JCtrl-C: stopping\nregion-outage');
    progress[Symbol.dispose]();
    expect(terminal.messages.at(-1)).toBe('\u001b[6F\u001b[0J\u001b[?25h');
    const written = terminal.messages.length;
    vi.advanceTimersByTime(1_000);
    expect(terminal.messages).toHaveLength(written);
  });

  test('is silent when asked to be, but for messages', () => {
    const terminal = testTerminal({ canDraw: true });
    using progress = openProgress('quiet', terminal, () => 0);
    for (const event of events) progress.event(event);
    progress.message('Ctrl-C: stopping');
    expect(terminal.messages).toEqual(['Ctrl-C: stopping']);
  });
});
