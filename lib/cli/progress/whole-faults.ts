/** Parts of a group told as the one fault that a person named: what a screen has room for. Pure. */

import type { FaultStatus } from './run-status.ts';

/** What is true of the whole as soon as it is true of a part; the first that applies. */
const PRECEDENCE = ['not healed', 'active', 'lifted', 'waiting', 'healed'] as const;

/** Faults in their order, each group where its first part stood. */
export function wholeFaults(faults: readonly FaultStatus[]): readonly FaultStatus[] {
  const wholes = Map.groupBy(faults, ({ group, name }) => group ?? name);
  return [...wholes].flatMap(([name, parts]) => wholeOf(name, parts));
}

function wholeOf(name: string, parts: readonly FaultStatus[]): readonly FaultStatus[] {
  const [first] = parts;
  if (first === undefined || first.group === undefined) return parts;
  const state = PRECEDENCE.find((candidate) => parts.some((part) => part.state === candidate)) ?? first.state;
  const telling = parts.filter((part) => part.state === state);
  const full = telling.flatMap(({ fullUs }) => (fullUs === undefined ? [] : [fullUs]));
  return [
    {
      name,
      title: parts.map(({ title }) => title).join('; '),
      regions: [...new Set(parts.flatMap(({ regions }) => regions))],
      hosts: [...new Set(parts.flatMap(({ hosts }) => hosts))],
      state,
      fromUs: Math.min(...telling.map(({ fromUs }) => fromUs)),
      toUs: Math.max(...telling.map(({ toUs }) => toUs)),
      ...(full.length === 0 ? {} : { fullUs: Math.max(...full) }),
      proved: provedOf(telling),
    },
  ];
}

function provedOf(parts: readonly FaultStatus[]): boolean | undefined {
  if (parts.some(({ proved }) => proved === false)) return false;
  return parts.every(({ proved }) => proved === true) ? true : undefined;
}
