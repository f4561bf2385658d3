/**
 * A network, a service and callers that do as told, remember it, keep leases on the virtual clock and answer probes by
 * what is in force: all an injector needs, for tests in virtual time.
 */

import { vi } from 'vitest';
import type { EventBody } from '../journal/event.ts';
import type { FaultControl, Held, NetworkFault, Probe, ProbeResult, ServiceFault } from './control.ts';
import { type FaultInput, faultSchema } from './fault-kinds.ts';
import type { FaultsOptions } from './faults-in-force.ts';
import { createInjector } from './injector.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { VIEW } from './view.fixture.ts';

type Order<Fault> = Held<Fault> & { untilMs: number };
export type Pretended = ReturnType<typeof pretend>;

/** Expects fake timers, `Date` among them. */
export function pretend(overrides: { readonly deafLinks?: readonly string[] } = {}) {
  const log: string[] = [];
  const events: (EventBody & { readonly atUs: number })[] = [];
  const clock = (): number => Date.now() * 1_000;
  const network = control<NetworkFault>(log);
  const service = control<ServiceFault>(log);
  const callers = control<object>(log);
  const options: FaultsOptions = {
    clock,
    journal: (body) => {
      events.push({ ...body, atUs: clock() });
      if ('fault' in body) log.push(`${body.kind} ${body.fault}`);
    },
    watch: {
      fault: (name) => log.push(`watch ${name}`),
      faultLifted: (name) => log.push(`unwatch ${name}`),
    },
    network: network.control,
    service: service.control,
    callers: callers.control,
    prober: {
      probe: async (probe) => {
        const effects = overrides.deafLinks?.includes(probe.link)
          ? []
          : inForce(network.held).flatMap(({ links, effect }) => (links.includes(probe.link) ? effect : []));
        const result = answerOf(probe, effects, inForce(service.held));
        await new Promise((resolve) => setTimeout(resolve, result.elapsedMs));
        return result;
      },
    },
  };
  return { options, log, events, network: network.held, service: service.held, callers: callers.held };
}

export function timelineFor(faults: readonly FaultInput[], durationUs = 60_000_000): Timeline {
  return timelineOf(
    faults.map((fault) => faultSchema.parse(fault)),
    durationUs,
    VIEW,
  );
}

/** Walks the faults to their end; `[name, proved, healed]` of each. */
export async function outcomes({ options }: Pick<Pretended, 'options'>, faults: readonly FaultInput[]) {
  const run = createInjector(options).run(timelineFor(faults), 0, new AbortController().signal);
  const settled = Promise.allSettled([run]);
  await vi.advanceTimersByTimeAsync(120_000);
  const [result] = await settled;
  if (result?.status !== 'fulfilled') throw result?.reason;
  return result.value.map(({ name, proved, healed }) => [name, proved, healed] as const);
}

function control<Fault>(log: string[]): {
  readonly held: Map<string, Order<Fault>>;
  readonly control: FaultControl<Fault>;
} {
  const held = new Map<string, Order<Fault>>();
  return {
    held,
    control: {
      setFault: async (fault) => {
        if (!held.has(fault.id)) log.push(`set ${fault.id}`);
        held.set(fault.id, { ...fault, untilMs: Date.now() + fault.leaseMs });
      },
      renewFault: async ({ id, leaseMs }) => {
        const order = held.get(id);
        if (order === undefined || order.untilMs <= Date.now()) return { known: false };
        order.untilMs = Date.now() + leaseMs;
        return { known: true };
      },
      clearFault: async ({ id }) => {
        log.push(`clear ${id}`);
        held.delete(id);
      },
    },
  };
}

function inForce<Fault>(held: ReadonlyMap<string, Order<Fault>>): readonly Fault[] {
  return [...held.values()].filter(({ untilMs }) => untilMs > Date.now());
}

/** The strongest effect first, delays added up; of errors the latest. */
function answerOf(
  { link, operation, timeLimitMs }: Probe,
  effects: readonly NetworkFault['effect'][],
  service: readonly ServiceFault[],
): ProbeResult {
  const has = (kind: string): boolean => effects.some((effect) => effect.kind === kind);
  if (has('refused')) return { observed: 'refused', elapsedMs: 1 };
  if (has('unreachable')) return { observed: 'unreachable', elapsedMs: timeLimitMs };
  if (has('silence') || has('one-way')) return { observed: 'silent', elapsedMs: timeLimitMs };
  if (has('reset')) return { observed: 'reset', elapsedMs: 3 };
  const addedMs = effects.reduce(
    (sum, effect) =>
      effect.kind === 'slow' && effect.delay.kind === 'fixed' ? sum + 3 * effect.delay.addedMs : sum,
    0,
  );
  const region = VIEW.links.find(({ id }) => id === link)?.servingRegion ?? '';
  const code = service.reduce<string | undefined>((last, fault) => {
    if (fault.kind === 'error' && fault.requests.regions.includes(region)) return fault.code;
    if (fault.kind === 'region-off' && fault.region === region && operation === 'AssumeRole')
      return 'RegionDisabledException';
    return last;
  }, undefined);
  const elapsedMs = 10 + addedMs;
  return code === undefined
    ? { observed: 'ok', status: 200, elapsedMs }
    : { observed: 'error', status: 403, errorCode: code, elapsedMs };
}
