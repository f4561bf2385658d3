/**
 * What ends a run before its time: measures that a scenario wants watched while the load comes, each with its limit.
 * They protect whoever shares the machine, and the hours of whoever waits; the verdict is left to expectations.
 */

import { z } from 'zod';
import { durationText } from '../time/duration-text.ts';

const over = durationText
  .default('5s')
  .describe(
    'The window: the measure must be beyond its limit over so long. Whole seconds, as measures come.',
  );
const group = z.string().optional().describe('Only callers of this group; those of all without it.');

const successRatio = z
  .strictObject({
    measure: z.literal('success-ratio'),
    below: z.number().gt(0).max(1).describe('The least share of arrivals that may end well.'),
    over,
    group,
  })
  .describe('Stops when too few arrivals of the window were served.');

const latency = z
  .strictObject({
    measure: z.literal('latency'),
    percentile: z.number().min(1).max(99.9).default(99),
    above: durationText.describe(
      'The longest that this percentile may be, from the planned moment. Counted in steps of 9 % and read at the upper end of the step, so that the run stops early rather than late.',
    ),
    over,
    group,
  })
  .describe('Stops when arrivals of the window took too long, however they ended.');

const leak = z
  .strictObject({
    measure: z.literal('leak'),
    above: z.number().min(0).lt(1).describe('The largest share of attempts that may fail.'),
    over,
  })
  .describe('Stops when attempts fail over links that no fault is meant to reach.');

const generatorLag = z
  .strictObject({
    measure: z.literal('generator-lag'),
    above: durationText.describe('The longest that the generator may be late in every second of the window.'),
    over,
  })
  .describe('Stops when the machine cannot keep up with the load, so that figures would be its own.');

export const stopSchema = z.discriminatedUnion('measure', [successRatio, latency, leak, generatorLag]);

export type StopCondition = z.output<typeof stopSchema>;
export type StopMeasure = StopCondition['measure'];

/** `success ratio of 'app' below 50 % over 5s`, from the words of the scenario. */
export function titleOfStop(condition: StopCondition): string {
  const whose = 'group' in condition && condition.group !== undefined ? ` of '${condition.group}'` : '';
  const window = `over ${condition.over}`;
  switch (condition.measure) {
    case 'success-ratio':
      return `success ratio${whose} below ${condition.below} ${window}`;
    case 'latency':
      return `latency p${condition.percentile}${whose} above ${condition.above} ${window}`;
    case 'leak':
      return `leak above ${condition.above} ${window}`;
    case 'generator-lag':
      return `generator lag above ${condition.above} ${window}`;
    default:
      return condition satisfies never;
  }
}
