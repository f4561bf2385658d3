/**
 * The four operations on Regions that have to be enabled: an order is accepted at once and carried out after a while, and
 * until then nothing else can be ordered for the Region. Source: the Account Management guide and its quotas.
 */

import { type Era, regionInEra } from '../../aws/eras.ts';
import { partition as partitionNamed } from '../../aws/partitions.ts';
import type { Region } from '../../aws/regions.ts';
import type { Identity } from '../../identity/identity.ts';
import type { OptStatus } from '../../identity/region-switches.ts';
import { type Account, withEntry } from '../../identity/state.ts';
import { conflict, invalidField, invalidTarget, tooManyRequests } from './answer.ts';

export interface RegionCall {
  readonly identity: Identity;
  /** Whose Regions: the caller's account or a member of its organization. */
  readonly account: Account;
  readonly input: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly nowMs: number;
  /** False when the account has ordered within the last second. */
  readonly mayOrder: (account: string, nowMs: number) => boolean;
}

export interface RegionOperation {
  /** `account:EnableRegion` is the permission for EnableRegion. */
  readonly name: string;
  /** `undefined`: answered without a body. @throws {AccountRefusal} */
  run(call: RegionCall): object | undefined;
}

/** By path. */
export const OPERATIONS: ReadonlyMap<string, RegionOperation> = new Map<string, RegionOperation>([
  ['/listRegions', { name: 'ListRegions', run: listRegions }],
  ['/getRegionOptStatus', { name: 'GetRegionOptStatus', run: getRegionOptStatus }],
  ['/enableRegion', { name: 'EnableRegion', run: (call) => order(call, true) }],
  ['/disableRegion', { name: 'DisableRegion', run: (call) => order(call, false) }],
]);

/** How many orders of an account may be under way at once. */
const MAXIMUM_ORDERS = 6;

const STATUSES: readonly OptStatus[] = ['ENABLED', 'ENABLING', 'DISABLING', 'DISABLED', 'ENABLED_BY_DEFAULT'];

function listRegions({ identity, account, input, nowMs }: RegionCall): object {
  const { MaxResults = 50, NextToken, RegionOptStatusContains: wanted = STATUSES } = input;
  if (typeof MaxResults !== 'number' || !Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50) {
    throw invalidField('MaxResults', 'MaxResults must be a whole number from 1 to 50.');
  }
  if (!Array.isArray(wanted) || wanted.some((status) => !STATUSES.includes(status))) {
    throw invalidField('RegionOptStatusContains', `Each status must be one of ${STATUSES.join(', ')}.`);
  }
  const after = NextToken === undefined ? '' : decodeToken(NextToken);
  const rest = regionsOf(account, identity.era)
    .map(({ id }) => ({
      RegionName: id,
      RegionOptStatus: identity.switches.optStatus(account, id, nowMs),
    }))
    .filter(({ RegionName, RegionOptStatus }) => RegionName > after && wanted.includes(RegionOptStatus));
  const Regions = rest.slice(0, MaxResults);
  const last = Regions.at(-1);
  return rest.length > Regions.length && last !== undefined
    ? { NextToken: Buffer.from(last.RegionName).toString('base64'), Regions }
    : { Regions };
}

function getRegionOptStatus(call: RegionCall): object {
  const { identity, account, nowMs } = call;
  const { id } = targetRegion(call);
  return { RegionName: id, RegionOptStatus: identity.switches.optStatus(account, id, nowMs) };
}

/** An order for what already is so changes nothing, which is a guess. */
function order(call: RegionCall, enabled: boolean): undefined {
  const { identity, account, nowMs } = call;
  const { era, plane, switches } = identity;
  const { id, enabledBy } = targetRegion(call);
  if (enabledBy === 'default') {
    throw invalidTarget(`Region ${id} is enabled by default: it can be neither enabled nor disabled.`);
  }
  const status = switches.optStatus(account, id, nowMs);
  if (status === 'ENABLING' || status === 'DISABLING') {
    throw conflict(
      `Region ${id} is ${status}: the request under way cannot be changed until it is complete.`,
    );
  }
  if (!call.mayOrder(account.id, nowMs)) throw tooManyRequests('Rate exceeded');
  if ((status === 'ENABLED') === enabled) return undefined;
  const underWay = [...account.settings.optIns.values()].filter(({ settledMs }) => settledMs > nowMs);
  if (underWay.length >= MAXIMUM_ORDERS) {
    throw tooManyRequests(`At most ${MAXIMUM_ORDERS} Region requests of an account can be under way.`);
  }
  const settledMs = nowMs + era.regionOptDelayMs;
  plane.change(account.id, (before) => ({
    ...before,
    settings: {
      ...before.settings,
      optIns: withEntry(before.settings.optIns, id, { enabled, settledMs }),
    },
  }));
  return undefined;
}

/** @throws {AccountRefusal} ValidationException. */
function targetRegion({ input, account, identity }: RegionCall): Region {
  const { RegionName } = input;
  if (typeof RegionName !== 'string' || RegionName === '' || RegionName.length > 50) {
    throw invalidField('RegionName', 'RegionName must have 1 to 50 characters.');
  }
  const found = regionInEra(RegionName, identity.era);
  if (found?.partition === account.partition) return found;
  throw invalidTarget(`There is no Region ${RegionName} in partition ${account.partition}.`);
}

function regionsOf({ partition }: Account, era: Era): readonly Region[] {
  return partitionNamed(partition)
    .regions.map(({ id }) => regionInEra(id, era))
    .filter((region) => region !== undefined)
    .sort((left, right) => (left.id < right.id ? -1 : 1));
}

function decodeToken(token: unknown): string {
  const id = typeof token === 'string' ? Buffer.from(token, 'base64').toString() : '';
  if (!/^[a-z0-9-]{1,50}$/.test(id)) throw invalidField('NextToken', 'NextToken is not valid.');
  return id;
}
