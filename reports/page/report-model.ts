/** All figures of a report, computed once and shared by its outputs. Pure. */
import { type CallersModel, callersModel } from '../callers/model.ts';
import { type FailoverModel, failoverModel } from '../failover/model.ts';
import { type IsolationModel, isolationModel } from '../isolation/model.ts';
import { type LatencyModel, latencyModel } from '../latency/model.ts';
import { caveatsOf } from './caveats.ts';
import type { ReportInput } from './report-input.ts';
import { type TimeAxis, timeAxisOf } from './time-axis.ts';

export interface ReportModel {
  readonly axis: TimeAxis;
  readonly latency: LatencyModel;
  readonly failover: FailoverModel;
  readonly isolation: IsolationModel;
  readonly callers: CallersModel;
  /** Sentences: what limits the figures of this run. */
  readonly caveats: readonly string[];
}

export function reportModel({ history, provenance, service, requests }: ReportInput): ReportModel {
  const axis = timeAxisOf(history);
  const latency = latencyModel(history, axis);
  return {
    axis,
    latency,
    failover: failoverModel(history, axis),
    isolation: isolationModel(history),
    callers: callersModel(history, requests),
    caveats: caveatsOf(history, provenance, latency, service),
  };
}
