/** Looking up names goes wrong: there is none, it has no address, nobody answers, or the address is an old one. */

import { z } from 'zod';
import type { NameTrouble } from '../control.ts';
import { defineFaultKind, seedOf } from '../fault-kind.ts';
import type { ProbeExpectation } from '../probe-expectation.ts';
import { describeCallers, describeTarget, linksByName, namesTarget } from '../target.ts';
import { linksOfCallers, planOnCallers, shareOfCallers } from './on-callers.ts';

const SHOWN: Readonly<Record<NameTrouble, ProbeExpectation>> = {
  gone: { kind: 'error', codes: ['ENOTFOUND'] },
  empty: { kind: 'error', codes: ['ENOTFOUND', 'ENODATA'] },
  // A resolver gives up after ten seconds, and so late nobody connects any more.
  'no-answer': { kind: 'unreachable' },
  stale: { kind: 'refused' },
};

const WORDS: Readonly<Record<NameTrouble, string>> = {
  gone: 'is gone',
  empty: 'has no address',
  'no-answer': 'is not answered for by any name server',
  stale: 'has an address that was given up',
};

export const names = defineFaultKind({
  kind: 'names',
  about: 'Callers look names up in vain, or get an address that was given up; open connections live on.',
  fields: {
    target: namesTarget,
    trouble: z
      .enum(['gone', 'empty', 'no-answer', 'stale'])
      .describe(
        'gone: no such name; empty: no address; no-answer: no name server answers; stale: an address given up.',
      ),
    share: shareOfCallers,
  },
  title: ({ target: { region, endpoint, location, group }, trouble, share }) => {
    const all = region === undefined && endpoint === undefined;
    const subject = all ? 'every name' : `the name of ${describeTarget({ region, endpoint })}`;
    return `${subject} ${WORDS[trouble]} for ${describeCallers({ location, group }, share)}`;
  },
  plan: (spec, view) => {
    const { region, endpoint } = spec.target;
    const links = linksByName({ region, endpoint }, linksOfCallers(spec.target, view));
    const hosts = [...new Set(links.map(({ host }) => host))];
    return planOnCallers(spec, links, view, {
      fault: (callers) => ({
        kind: 'names',
        callers,
        hosts,
        trouble: spec.trouble,
        seed: seedOf(spec, view),
      }),
      grows: false,
      during: SHOWN[spec.trouble],
    });
  },
});
