/** Milestones and states in words. */
import type { MilestoneName } from '../../lib/measure/milestones.ts';
import type { LaneState } from './model.ts';

export const MILESTONE_WORDS: Readonly<Record<MilestoneName, string>> = {
  firstFailure: 'first failure',
  detected: 'turned elsewhere',
  failedOver: 'served elsewhere',
  lifted: 'fault lifted',
  failedBack: 'served at home',
  steady: 'steady again',
};

export const STATE_WORDS: Readonly<Record<LaneState, string>> = {
  home: 'served at home',
  waiting: 'waiting for an answer',
  failing: 'failing',
  elsewhere: 'served elsewhere',
};
