/** `report.json`: the page's figures for programs. Times carry their unit in the name; ratios are from 0 to 1. */
import type { FaultInterval } from '../../lib/measure/fault-intervals.ts';
import { milestonesOf } from '../../lib/measure/milestones.ts';
import { QUANTILES } from '../latency/model.ts';
import type { ReportInput } from './report-input.ts';
import { reportModel } from './report-model.ts';

export const REPORT_SCHEMA = 1;

/** Plain data, ready for JSON. New fields may come; a change of meaning raises `schema`. */
export function reportJson(input: ReportInput) {
  const { history, judged, scenario, provenance } = input;
  const { axis, latency, failover, isolation, callers, caveats } = reportModel(input);
  return {
    schema: REPORT_SCHEMA,
    runId: history.runId,
    scenario: scenario.name,
    question: scenario.question,
    scenarioHash: provenance.hash,
    seed: history.seed,
    engine: history.engine,
    network: history.network,
    era: history.era,
    service: input.service?.regions ?? [],
    emulated: true,
    complete: provenance.complete,
    verdict: judged.verdict,
    exitCode: judged.exitCode,
    reasons: judged.reasons,
    counts: history.counts,
    expectations: judged.expectations,
    faults: history.faults.map(withoutProbes),
    milestones: milestonesOf(history),
    latency: {
      routes: latency.routes.map(({ location, endpoint, phases }) => ({
        location,
        endpoint,
        phases: phases.map(({ quantilesUs, ...phase }) => ({
          ...phase,
          quantiles: QUANTILES.map((percentile, index) => ({ percentile, us: quantilesUs[index] ?? null })),
        })),
      })),
      bucketUs: axis.bucketUs,
      overTime: latency.overTime,
      percentiles: latency.curves.map(({ label, n, table }) => ({ phase: label, n, table })),
    },
    failover: {
      shares: failover.shares,
      success: failover.success,
      losses: failover.losses,
    },
    isolation,
    callers,
    caveats,
  };
}

/** Probes are in the journal; what they showed is told by `proved` and `healed`. */
function withoutProbes({ probes: _, parts, ...fault }: FaultInterval): object {
  return { ...fault, parts: parts.map(withoutProbes) };
}
