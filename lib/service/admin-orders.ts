/** What may stand in the body of an admin call, and in what words it is refused. */

import { z } from 'zod';

const SWITCH = z.strictObject({ active: z.boolean() });

const CONTROL_PLANE = z.strictObject({ up: z.boolean() });

const FAULT = z.strictObject({
  kind: z.literal('service-error'),
  regions: z.array(z.string()).min(1),
  operations: z.array(z.string()).min(1).exactOptional(),
  account: z.string().exactOptional(),
  code: z.string().regex(/^[A-Za-z]{1,64}$/),
  status: z.int().min(400).max(599),
  message: z.string().max(2_048).exactOptional(),
  share: z.number().min(0).max(1).default(1),
  seed: z.union([z.number(), z.string()]).default(0),
  leaseMs: z.number().positive().max(86_400_000).default(60_000),
});

/** @throws RangeError that says what is wrong, SyntaxError for what is no JSON. */
export function readSwitch(body: string): z.infer<typeof SWITCH> {
  return read(SWITCH, body);
}

/** The same for a control plane. */
export function readControlPlane(body: string): z.infer<typeof CONTROL_PLANE> {
  return read(CONTROL_PLANE, body);
}

/** The same for a fault. */
export function readFault(body: string): z.infer<typeof FAULT> {
  return read(FAULT, body);
}

function read<Order>(schema: z.ZodType<Order>, body: string): Order {
  const { data, error } = schema.safeParse(JSON.parse(body));
  if (error !== undefined) throw new RangeError(z.prettifyError(error));
  return data;
}
