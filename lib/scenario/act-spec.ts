/** What an administrator does in the course of a run: the part of a scenario that is neither load nor fault. */

import { z } from 'zod';
import { durationText } from '../time/duration-text.ts';

const regionSwitch = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'write lower-case letters, digits and hyphens')
      .describe('How expectations and reports call it; unique among the acts.'),
    kind: z.literal('region-switch'),
    at: durationText.describe('When, from the start of the load.'),
    region: z
      .string()
      .describe("The Region whose STS is switched for the account of the Region's partition."),
    active: z.boolean().describe('On or off.'),
    as: z.string().default('admin').describe('The user who tries; it takes iam:*.'),
    location: z
      .string()
      .optional()
      .describe('Where that user stands; without it where the first group does.'),
  })
  .describe('Someone switches STS of a Region on or off, by a signed call to the control plane.');

export const actSchema = z.discriminatedUnion('kind', [regionSwitch]);

export type Act = z.output<typeof actSchema>;

/** `switch STS in eu-west-1 on, as admin`. */
export function titleOfAct({ region, active, as }: Act): string {
  return `switch STS in ${region} ${active ? 'on' : 'off'}, as ${as}`;
}
