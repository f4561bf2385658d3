/**
 * Every kind of fault that the service holds, over real TLS: it bites, leaves others alone, ends when it is cleared and
 * ends by itself.
 */

import { expect, test } from 'vitest';
import { GLOBAL_ENDPOINT } from '../lib/aws/endpoints.ts';
import { UsageError } from '../lib/errors/regionfall-error.ts';
import type { ServiceFaultOrder } from '../lib/service/fault-order.ts';
import { sessionOf } from '../lib/sts/test-desk.ts';
import { ACCOUNT, type Fault, IRELAND, LONG_MS, TO_IRELAND, useFaultWorld } from './fault-world.ts';

const { control, ask, outcome, assume, readControlPlane, spread, credentials, strangeCertificate } =
  useFaultWorld();

interface Case {
  readonly kind: ServiceFaultOrder['kind'];
  readonly order: () => Fault;
  readonly look: () => Promise<string>;
  readonly usual: string;
  readonly bitten: string | RegExp;
  /** What must be as ever meanwhile. */
  readonly aside: () => Promise<string>;
  readonly spreads?: true;
}

const requests = TO_IRELAND;
const oregon = (): Promise<string> => assume({ region: 'us-west-2' });

/** Whether a session from the global endpoint is good in an opt-in Region: those of version 1 are not. */
async function globalTokenElsewhere(): Promise<string> {
  const session = await ask({ operation: 'AssumeRole', host: GLOBAL_ENDPOINT.host });
  return outcome({ region: 'af-south-1', credentials: sessionOf(session) });
}

const CASES: readonly Case[] = [
  {
    kind: 'error',
    order: () => ({ kind: 'error', requests, code: 'InternalFailure', status: 500, seed: 7 }),
    look: assume,
    usual: '200',
    bitten: '500 InternalFailure',
    aside: oregon,
  },
  {
    kind: 'html',
    order: () => ({
      kind: 'html',
      requests: { ...requests, operations: ['AssumeRole'] },
      status: 503,
      seed: 7,
    }),
    look: assume,
    usual: '200',
    bitten: '503',
    aside: outcome,
  },
  {
    kind: 'late',
    order: () => ({
      kind: 'late',
      requests: { ...requests, hosts: [IRELAND] },
      delay: { kind: 'fixed', addedMs: 3_000_000 },
      seed: 7,
    }),
    look: () => assume({ withinMs: control().observe().faults.length === 0 ? 10_000 : 100 }),
    usual: '200',
    bitten: 'ABORT_ERR',
    aside: () => outcome({ host: GLOBAL_ENDPOINT.host }),
  },
  {
    kind: 'quota-used-up',
    order: () => ({ kind: 'quota-used-up', regions: ['eu-west-1'], account: ACCOUNT, leavesPerSecond: 0 }),
    look: outcome,
    usual: '200',
    bitten: '400 Throttling',
    aside: oregon,
  },
  {
    kind: 'region-off',
    order: () => ({ kind: 'region-off', account: ACCOUNT, region: 'eu-west-1' }),
    look: assume,
    usual: '200',
    bitten: '403 RegionDisabledException',
    aside: outcome,
  },
  {
    kind: 'opt-in-withdrawn',
    order: () => ({ kind: 'opt-in-withdrawn', account: ACCOUNT, region: 'af-south-1' }),
    look: () => outcome({ region: 'af-south-1' }),
    usual: '200',
    bitten: '403 InvalidClientTokenId',
    aside: outcome,
  },
  {
    kind: 'control-plane-down',
    order: () => ({ kind: 'control-plane-down', partition: 'aws' }),
    look: readControlPlane,
    usual: '200',
    bitten: '503 ServiceUnavailable',
    aside: assume,
  },
  {
    kind: 'keys-deleted',
    order: () => ({ kind: 'keys-deleted', account: ACCOUNT, user: 'app' }),
    look: outcome,
    usual: '200',
    bitten: '403 InvalidClientTokenId',
    aside: () => outcome({ credentials: credentials('admin') }),
    spreads: true,
  },
  {
    kind: 'role-deleted',
    order: () => ({ kind: 'role-deleted', account: ACCOUNT, role: 'app' }),
    look: assume,
    usual: '200',
    bitten: '403 AccessDenied',
    aside: outcome,
    spreads: true,
  },
  {
    kind: 'token-version',
    order: () => ({ kind: 'token-version', account: ACCOUNT, version: 2 }),
    look: globalTokenElsewhere,
    usual: '403 InvalidClientTokenId',
    bitten: '200',
    aside: assume,
    spreads: true,
  },
  {
    kind: 'certificate',
    order: strangeCertificate,
    look: assume,
    usual: '200',
    bitten: /^(CERT_|UNABLE_|SELF_|ERR_TLS)/,
    aside: () => outcome({ host: GLOBAL_ENDPOINT.host }),
  },
];

test.each(CASES)('a fault of kind $kind bites, leaves others alone, and ends', async (one) => {
  const set = (leaseMs: number): void => control().setFault({ id: 'f', leaseMs, ...one.order() });
  const settle = one.spreads ? spread : () => {};
  expect(await one.look()).toBe(one.usual);
  set(LONG_MS);
  if (one.spreads) expect(await one.look()).toBe(one.usual);
  settle();
  expect(await one.look()).toMatch(one.bitten);
  expect(await one.aside()).toBe('200');
  expect(control().renewFault({ id: 'f', leaseMs: LONG_MS })).toEqual({ known: true });
  expect(control().clearFault({ id: 'f' })).toEqual({ known: true });
  expect(control().clearFault({ id: 'f' })).toEqual({ known: false });
  settle();
  expect(await one.look()).toBe(one.usual);

  // Once more, and nobody renews it.
  set(1);
  await expect.poll(() => control().observe().faults, { timeout: 10_000 }).toEqual([]);
  settle();
  expect(await one.look()).toBe(one.usual);
  expect(control().renewFault({ id: 'f', leaseMs: LONG_MS })).toEqual({ known: false });
});

test.each<[string, Fault, string]>([
  ['a Region', { kind: 'replica-stale', region: 'eu-west-9' }, "no Region 'eu-west-9'"],
  ['a Region', { kind: 'region-off', account: ACCOUNT, region: 'eu-west-2' }, "no Region 'eu-west-2'"],
  ['an opt-in', { kind: 'opt-in-withdrawn', account: ACCOUNT, region: 'eu-west-1' }, 'eu-west-1 is enabled'],
  ['an account', { kind: 'region-off', account: '9', region: 'eu-west-1' }, 'no account 9'],
  ['an account', { kind: 'quota-used-up', regions: [], account: '9', leavesPerSecond: 0 }, 'no account 9'],
  ['a partition', { kind: 'control-plane-down', partition: 'aws-iso' }, "partition 'aws-iso'"],
  ['a user', { kind: 'keys-deleted', account: ACCOUNT, user: 'nobody' }, "no user 'nobody'"],
  ['a role', { kind: 'role-deleted', account: ACCOUNT, role: 'none' }, "no role 'none'"],
  [
    'a host',
    { kind: 'html', requests: { ...requests, hosts: ['sts.example'] }, status: 503, seed: 7 },
    "'sts.example'",
  ],
  [
    'an operation',
    { kind: 'html', requests: { ...requests, operations: ['Assume'] }, status: 503, seed: 7 },
    "'Assume'",
  ],
  [
    'a host',
    {
      kind: 'certificate',
      hosts: ['sts.example'],
      trouble: 'expired',
      certificates: [{ host: 'sts.example', certificatePem: '', keyPem: '' }],
    },
    "'sts.example'",
  ],
  ['a certificate', { kind: 'certificate', hosts: [IRELAND], trouble: 'expired', certificates: [] }, IRELAND],
  [
    'a usable certificate',
    {
      kind: 'certificate',
      hosts: [IRELAND],
      trouble: 'expired',
      certificates: [{ host: IRELAND, certificatePem: 'none', keyPem: 'none' }],
    },
    'cannot be used',
  ],
])('a fault without %s that this world has is refused by its name: %j', (_what, fault, message) => {
  const refused = () => control().setFault({ id: 'f', leaseMs: LONG_MS, ...fault });
  expect(refused).toThrow(UsageError);
  expect(refused).toThrow(message);
  expect(control().observe().faults).toEqual([]);
});
