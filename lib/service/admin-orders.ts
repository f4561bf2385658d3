/** What may stand in the body of an admin call, and in what words it is refused. */

import { z } from 'zod';
import type { ServiceFaultOrder } from './fault-order.ts';
import { MAXIMUM_LEASE_MS } from './leases.ts';

const SWITCH = z.strictObject({ active: z.boolean() });

const CONTROL_PLANE = z.strictObject({ up: z.boolean() });

const MINUTE_MS = 60_000;

const lease = { leaseMs: z.number().positive().max(MAXIMUM_LEASE_MS).default(MINUTE_MS) };
const seed = { seed: z.union([z.number(), z.string()]).default(0) };
const status = z.int().min(400).max(599);
const names = z.array(z.string()).min(1);
const milliseconds = z.number().min(0);
const inRegion = { account: z.string(), region: z.string() };

const requests = z.strictObject({
  regions: names,
  hosts: names.exactOptional(),
  operations: names.exactOptional(),
  account: z.string().exactOptional(),
  share: z.number().min(0).max(1).default(1),
});

const delay = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('fixed'), addedMs: milliseconds }),
  z.strictObject({ kind: z.literal('jittered'), addedMs: milliseconds, jitterMs: milliseconds }),
  z.strictObject({
    kind: z.literal('quantiles'),
    points: z.array(z.strictObject({ share: z.number().min(0).max(1), addedMs: milliseconds })).min(1),
  }),
]);

const certificate = z.strictObject({ host: z.string(), certificatePem: z.string(), keyPem: z.string() });

const FAULT = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    requests,
    code: z.string().regex(/^[A-Za-z]{1,64}$/),
    status,
    message: z.string().max(2_048).exactOptional(),
    ...seed,
    ...lease,
  }),
  z.strictObject({ kind: z.literal('html'), requests, status: status.default(503), ...seed, ...lease }),
  z.strictObject({ kind: z.literal('late'), requests, delay, ...seed, ...lease }),
  z.strictObject({
    kind: z.literal('quota-used-up'),
    regions: names,
    account: z.string().exactOptional(),
    leavesPerSecond: z.number().min(0),
    ...lease,
  }),
  z.strictObject({ kind: z.literal('region-off'), ...inRegion, ...lease }),
  z.strictObject({ kind: z.literal('opt-in-withdrawn'), ...inRegion, ...lease }),
  z.strictObject({ kind: z.literal('control-plane-down'), partition: z.string(), ...lease }),
  z.strictObject({ kind: z.literal('replica-stale'), region: z.string(), ...lease }),
  z.strictObject({ kind: z.literal('keys-deleted'), account: z.string(), user: z.string(), ...lease }),
  z.strictObject({ kind: z.literal('role-deleted'), account: z.string(), role: z.string(), ...lease }),
  z.strictObject({
    kind: z.literal('token-version'),
    account: z.string(),
    version: z.union([z.literal(1), z.literal(2)]),
    ...lease,
  }),
  z.strictObject({
    kind: z.literal('certificate'),
    hosts: names,
    trouble: z.enum(['expired', 'other-name', 'unknown-authority']),
    certificates: z.array(certificate).min(1),
    ...lease,
  }),
]);

/** @throws RangeError that says what is wrong, SyntaxError for what is no JSON. */
export function readSwitch(body: string): z.infer<typeof SWITCH> {
  return read(SWITCH, body);
}

/** The same for a control plane. */
export function readControlPlane(body: string): z.infer<typeof CONTROL_PLANE> {
  return read(CONTROL_PLANE, body);
}

/** The same for a fault; its id stands in the path. */
export function readFault(id: string, body: string): ServiceFaultOrder {
  return { id, ...read(FAULT, body) };
}

function read<Order>(schema: z.ZodType<Order>, body: string): Order {
  const { data, error } = schema.safeParse(JSON.parse(body));
  if (error !== undefined) throw new RangeError(z.prettifyError(error));
  return data;
}
