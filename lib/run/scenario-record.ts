/** `scenario.json`: what was asked of a run, resolved to plain data, so that the folder alone tells it. */

import { UsageError } from '../errors/regionfall-error.ts';
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { type ServiceFacts, serviceFactsSchema } from '../scenario/service-facts.ts';

export interface ScenarioRecord {
  readonly schema: 1;
  /** SHA-256 of the resolved scenario. */
  readonly hash: string;
  readonly seed: number;
  readonly engine: string;
  readonly network: string;
  /** Run for its baseline, with no fault applied. */
  readonly withoutFaults: boolean;
  /** What the service was told to be, Region by Region; absent in folders of versions before there was a choice. */
  readonly service?: ServiceFacts;
  readonly scenario: Scenario;
}

/** @throws UsageError when the text is not what a run writes. */
export function parseScenarioRecord(text: string): ScenarioRecord {
  try {
    const record = JSON.parse(text) as ScenarioRecord;
    return {
      ...record,
      ...(record.service === undefined ? {} : { service: serviceFactsSchema.parse(record.service) }),
      scenario: scenarioSchema.parse(record.scenario),
    };
  } catch (cause) {
    throw new UsageError('the scenario.json of this run folder is damaged', {
      code: 'RF-RUN-DAMAGED',
      hint: 'the samples and events may still be read: samples.arrows, events.ndjson',
      cause,
    });
  }
}
