/** What each kind of fault is claimed to mean in the world of `view.fixture.ts`: one order, and a way to see it. */

import type { FaultOrder, ProbePlan } from './fault-kind.ts';

export const inEurope = { target: { region: 'eu-west-1' } };

/** What one kind means: the fault of its first order, and how its first probe shows it. */
export interface Claim {
  readonly kind: string;
  readonly fields: object;
  readonly title: string;
  readonly to: FaultOrder['to'];
  readonly order: object;
  readonly probe: Partial<Pick<ProbePlan, 'operation' | 'during' | 'looksToHeal'>>;
}

const connections = { which: 'all', share: 1 };
export const CLAIMS: readonly Claim[] = [
  {
    kind: 'refused',
    fields: { ...inEurope, connections: { which: 'new' } },
    title: 'eu-west-1 refuses connections, open ones live on',
    to: 'network',
    order: { effect: { kind: 'refused' }, connections: { which: 'new', share: 1 } },
    probe: { operation: 'AssumeRole', during: { kind: 'refused' } },
  },
  {
    kind: 'unreachable',
    fields: inEurope,
    title: 'eu-west-1 cannot be reached',
    to: 'network',
    order: { effect: { kind: 'unreachable' }, connections },
    probe: { during: { kind: 'unreachable' } },
  },
  {
    kind: 'silence',
    fields: { ...inEurope, connections: { share: 0.3 } },
    title: 'eu-west-1 accepts and never answers on 30 % of connections',
    to: 'network',
    order: { effect: { kind: 'silence' }, connections: { which: 'all', share: 0.3 } },
    probe: { during: { kind: 'silent' }, looksToHeal: 13 },
  },
  {
    kind: 'one-way',
    fields: { ...inEurope, lost: 'answers' },
    title: 'answers of eu-west-1 get lost',
    to: 'network',
    order: { effect: { kind: 'one-way', lost: 'answers' } },
    probe: { during: { kind: 'silent' } },
  },
  {
    kind: 'reset',
    fields: { target: { endpoint: 'global' } },
    title: 'sts.amazonaws.com accepts and resets',
    to: 'network',
    order: { effect: { kind: 'reset' } },
    probe: { during: { kind: 'reset' } },
  },
  {
    kind: 'cut-short',
    fields: { ...inEurope, afterBytes: 2_000 },
    title: 'eu-west-1 closes after 2000 bytes',
    to: 'network',
    order: { effect: { kind: 'cut-short', afterBytes: 2_000 } },
    probe: { during: { kind: 'reset' } },
  },
  {
    kind: 'slow',
    fields: { ...inEurope, addedMs: 300, jitterMs: 50 },
    title: 'eu-west-1 answers 300 ± 50 ms later',
    to: 'network',
    order: { effect: { kind: 'slow', delay: { kind: 'jittered', addedMs: 300, jitterMs: 50 } } },
    probe: { during: { kind: 'slower', byMs: 240 } },
  },
  {
    kind: 'narrow',
    fields: { ...inEurope, bytesPerSecond: 10_000 },
    title: 'eu-west-1 carries 10000 bytes a second',
    to: 'network',
    order: { effect: { kind: 'narrow', bytesPerSecond: 10_000 } },
    probe: { during: { kind: 'slower', byMs: 220 } },
  },
  {
    kind: 'stalls',
    fields: { ...inEurope, shareOfFlights: 0.5, stallMs: 400 },
    title: 'eu-west-1 stalls for 400 ms in 50 % of flights',
    to: 'network',
    order: { effect: { kind: 'stalls', share: 0.5, stallMs: 400 } },
    // Two flights: three looks in four show one.
    probe: { during: { kind: 'slower', byMs: 320 }, looksToHeal: 4 },
  },
  {
    kind: 'service-error',
    fields: { ...inEurope, code: 'Throttling', operations: ['GetCallerIdentity'], share: 0.1 },
    title: 'eu-west-1 answers Throttling to 10 % of GetCallerIdentity',
    to: 'service',
    order: {
      kind: 'error',
      requests: { regions: ['eu-west-1'], operations: ['GetCallerIdentity'], share: 0.1 },
      code: 'Throttling',
      status: 400,
    },
    probe: {
      operation: 'GetCallerIdentity',
      during: { kind: 'error', codes: ['Throttling'] },
      looksToHeal: 44,
    },
  },
  {
    kind: 'impostor-error',
    fields: inEurope,
    title: 'eu-west-1 answers InvalidIdentityToken as if callers were to blame',
    to: 'service',
    order: { kind: 'error', code: 'InvalidIdentityToken', status: 400 },
    probe: { operation: 'AssumeRole', during: { kind: 'error', codes: ['InvalidIdentityToken'] } },
  },
  {
    kind: 'html-error',
    fields: { target: { region: 'eu-west-1', endpoint: 'global' } },
    title: 'sts.amazonaws.com in eu-west-1 answers a page of HTML with 503',
    to: 'service',
    order: {
      kind: 'html',
      requests: { regions: ['eu-west-1'], hosts: ['sts.amazonaws.com'], share: 1 },
      status: 503,
    },
    probe: { during: { kind: 'error', codes: ['HTTP503'] } },
  },
  {
    kind: 'service-slow',
    fields: { target: { region: 'eu-west-1', account: '111122223333' }, addedMs: 500 },
    title: 'eu-west-1 for account 111122223333 answers 500 ms late',
    to: 'service',
    order: { kind: 'late', requests: { account: '111122223333' }, delay: { kind: 'fixed', addedMs: 500 } },
    probe: { during: { kind: 'slower', byMs: 400 } },
  },
  {
    kind: 'throttling',
    fields: { ...inEurope, leavesPerSecond: 5 },
    title: 'the quota in eu-west-1 leaves 5 requests a second',
    to: 'service',
    order: { kind: 'quota-used-up', regions: ['eu-west-1'], leavesPerSecond: 5 },
    probe: { during: { kind: 'error', codes: ['Throttling'] }, looksToHeal: 5 },
  },
  {
    kind: 'region-deactivated',
    fields: inEurope,
    title: 'STS is switched off in eu-west-1',
    to: 'service',
    order: { kind: 'region-off', account: '111122223333', region: 'eu-west-1' },
    probe: { operation: 'AssumeRole', during: { kind: 'error', codes: ['RegionDisabledException'] } },
  },
  {
    kind: 'opt-in-withdrawn',
    fields: { target: { region: 'ap-east-1' } },
    title: 'the opt-in to ap-east-1 is withdrawn',
    to: 'service',
    order: { kind: 'opt-in-withdrawn', account: '111122223333', region: 'ap-east-1' },
    probe: { operation: 'AssumeRole', during: { kind: 'error', codes: ['InvalidClientTokenId'] } },
  },
  {
    kind: 'control-plane-down',
    fields: {},
    title: 'the control plane of aws is down',
    to: 'service',
    order: { kind: 'control-plane-down', partition: 'aws' },
    probe: { operation: 'ControlPlaneRead', during: { kind: 'error', codes: ['ServiceUnavailable'] } },
  },
  {
    kind: 'replica-stale',
    fields: inEurope,
    title: 'eu-west-1 learns of no change',
    to: 'service',
    order: { kind: 'replica-stale', region: 'eu-west-1' },
    probe: { operation: 'NewKeyArrives', during: { kind: 'error', codes: ['InvalidClientTokenId'] } },
  },
  {
    kind: 'keys-deleted',
    fields: {},
    title: 'the keys of user app are deleted',
    to: 'service',
    order: { kind: 'keys-deleted', account: '111122223333', user: 'app' },
    probe: { operation: 'AssumeRole', during: { kind: 'error', codes: ['InvalidClientTokenId'] } },
  },
  {
    kind: 'role-deleted',
    fields: { target: { account: '111122223333' } },
    title: 'role app is deleted in account 111122223333',
    to: 'service',
    order: { kind: 'role-deleted', account: '111122223333', role: 'app' },
    probe: { operation: 'AssumeRole', during: { kind: 'error', codes: ['AccessDenied'] } },
  },
  {
    kind: 'token-version',
    fields: {},
    title: 'the global endpoint gives tokens of version 1',
    to: 'service',
    order: { kind: 'token-version', account: '111122223333', version: 1 },
    probe: { operation: 'UseGlobalToken', during: { kind: 'error', codes: ['InvalidClientTokenId'] } },
  },
  {
    kind: 'certificate',
    fields: { ...inEurope, trouble: 'expired' },
    title: 'eu-west-1 shows an expired certificate',
    to: 'service',
    order: { kind: 'certificate', hosts: ['sts.eu-west-1.amazonaws.com'], trouble: 'expired' },
    probe: { during: { kind: 'error', codes: ['CERT_HAS_EXPIRED'] } },
  },
  {
    kind: 'clock-skew',
    fields: { target: { group: 'app' }, offset: '-20m', share: 0.5 },
    title: 'clocks of 50 % of callers of group app are 20m behind',
    to: 'callers',
    order: { kind: 'clock-skew', callers: { groups: ['app'], share: 0.5 }, offsetMs: -1_200_000 },
    // A caller who is hit is hit in every call.
    probe: { during: { kind: 'error', codes: ['SignatureDoesNotMatch'] }, looksToHeal: 1 },
  },
  {
    kind: 'names',
    fields: { target: { endpoint: 'global', location: 'us-east-1' }, trouble: 'no-answer' },
    title: 'the name of sts.amazonaws.com is not answered for by any name server for callers in us-east-1',
    to: 'callers',
    order: {
      kind: 'names',
      callers: { locations: ['us-east-1'], share: 1 },
      hosts: ['sts.amazonaws.com'],
      trouble: 'no-answer',
    },
    probe: { during: { kind: 'unreachable' } },
  },
];
