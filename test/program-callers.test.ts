/** Programs as callers: any command, its exit code the outcome, seen through a door of its own, and never left behind. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { arrivalsOf } from '../lib/measure/arrivals.ts';
import { clientsByFault } from '../lib/measure/client-by-fault.ts';
import { revelationsOf } from '../lib/measure/revelations.ts';
import type { ScenarioInput } from '../lib/scenario/schema.ts';
import { type Story, tell } from './story.ts';

const SDK = fileURLToPath(new URL('../scenarios/clients/sts-caller.mjs', import.meta.url));
const NAP = '604799.25';

const group = {
  location: 'eu-west-1',
  ratePerSecond: 1,
  arrivals: 'even',
  operations: { GetCallerIdentity: 1 },
  policy: { kind: 'pinned', endpoint: 'eu-west-1' },
} as const;
const program = (...command: string[]) => ({ kind: 'program', command, timeLimitMs: 8_000 }) as const;

const SCENARIO: ScenarioInput = {
  name: 'programs',
  question: 'What becomes of programs?',
  regions: ['eu-west-1', 'us-east-1'],
  global: true,
  load: {
    duration: '5s',
    drain: '3s',
    groups: [
      { ...group, name: 'sdk', client: program(process.execPath, SDK, 'regional') },
      // It calls a name that its group was not given.
      { ...group, name: 'astray', client: program(process.execPath, SDK, 'global') },
      // What it starts must end with it, also what leads a session of its own.
      {
        ...group,
        name: 'stuck',
        client: {
          kind: 'program',
          command: ['sh', '-c', `setsid sleep ${NAP} & sleep ${NAP}`],
          timeLimitMs: 600,
        },
      },
      { ...group, name: 'nowhere', client: program('regionfall-has-no-such-program') },
    ],
  },
};

function of({ history }: Story, name: string) {
  return arrivalsOf(history).filter(({ caller }) => caller.startsWith(`${name}-`));
}

describe('programs as callers', () => {
  it('are run, judged by their exit codes, watched at their doors, and gone afterwards', {
    timeout: 60_000,
  }, async () => {
    const story = await tell({ scenario: SCENARIO });
    expect(of(story, 'sdk').map(({ outcome }) => outcome)).toEqual(Array(5).fill('ok'));
    expect(of(story, 'astray').map(({ errorCode }) => errorCode)).toEqual(Array(5).fill('EXIT_1'));
    expect(of(story, 'stuck').map(({ errorCode }) => errorCode)).toEqual(Array(5).fill('ETIMEDOUT'));
    expect(of(story, 'nowhere').map(({ errorCode }) => errorCode)).toEqual(Array(5).fill('ENOENT'));

    const clients = clientsByFault(story.history, story.service);
    expect(clients.find((client) => client.group === 'sdk')).toMatchObject({
      client: expect.stringMatching(/^node \S+ regional$/),
      cells: [{ arrivals: 5, requestsEach: 1 }],
    });
    expect(revelationsOf(story.history, clients).hidden).toEqual([
      { group: 'astray', host: 'sts.amazonaws.com', times: expect.any(Number) },
    ]);
    if (existsSync('/proc/self/cmdline')) expect(napping()).toEqual([]);
  });
});

/** Living processes that were started with this word. */
function napping(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(NAP);
    } catch {
      return false; // It has ended in between.
    }
  });
}
