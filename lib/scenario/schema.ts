/**
 * The shape of a scenario: a question, the world it is asked of, the load, the faults, what ends it early and what is
 * expected. Put together from what chaos, load and measure each say about their own part; what the parts mean to each
 * other is checked in `validate.ts`.
 */

import { z } from 'zod';
import { DEFAULT_ERA, ERA_NAMES } from '../aws/eras.ts';
import { faultSchema } from '../chaos/fault-kinds.ts';
import { loadGroupSchema } from '../load/load-spec.ts';
import { expectationSchema } from '../measure/expectation.ts';
import { durationText } from '../time/duration-text.ts';
import { actSchema } from './act-spec.ts';
import { accountsSpecSchema, serviceSpecSchema } from './service-spec.ts';
import { stopSchema } from './stop-spec.ts';

export const scenarioSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors; says nothing to Regionfall.'),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'write lower-case letters, digits and hyphens')
    .describe('Also the name of its run folders.'),
  question: z.string().min(1).describe('What the run answers, as one sentence with a question mark.'),
  regions: z
    .array(z.string())
    .min(1)
    .describe('Regions of the world; they may belong to several partitions.'),
  global: z.boolean().default(false).describe('Whether sts.amazonaws.com answers too.'),
  era: z
    .enum(ERA_NAMES)
    .default(DEFAULT_ERA)
    .describe('The year whose STS is emulated: which Regions and actions there are, and how they behave.'),
  accounts: accountsSpecSchema
    .prefault({})
    .describe('How the accounts of the world, one for each partition, stand before anything happens.'),
  service: serviceSpecSchema.prefault({}).describe('What the emulated Regions bear.'),
  load: z.strictObject({
    duration: durationText.describe('How long arrivals come.'),
    drain: durationText.optional().describe('How long answers are waited for after the last arrival.'),
    groups: z
      .array(loadGroupSchema)
      .min(1)
      .describe('Callers that behave alike; they also say where callers stand.'),
    k6: z
      .strictObject({ script: z.string().min(1).describe('Path from the folder of the scenario.') })
      .optional()
      .describe('A script of one’s own that makes the calls in k6, in the name of the groups.'),
  }),
  faults: z.array(faultSchema).default([]),
  acts: z.array(actSchema).default([]).describe('What an administrator does in the course of the run.'),
  stop: z
    .array(stopSchema)
    .default([])
    .describe('What ends the run before its time, with the verdict aborted.'),
  expect: z.array(expectationSchema).default([]),
});

/** A scenario with every default filled in; plain JSON. */
export type Scenario = z.output<typeof scenarioSchema>;

/** A scenario as one may write it. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

/** Returns its argument; there so that an editor knows what may stand where. */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario;
}

/** For editors and for people without TypeScript: the JSON schema of `*.scenario.json`. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioSchema, { io: 'input', unrepresentable: 'any' });
}
