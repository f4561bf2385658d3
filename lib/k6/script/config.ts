/**
 * What a script inside k6 is told: groups of callers, where their endpoints really are, and whose keys they hold. Read
 * once, when k6 loads the script, from the file that REGIONFALL_CONFIG names (a run of Regionfall writes it) or, for a
 * k6 that a person started, from REGIONFALL_WORLD, the line that `regionfall up --json` prints.
 */

import { endpointOfHost, hostOfEndpointName } from '../../aws/endpoints.ts';
import { endpointsOf, type PolicySpec } from '../../failover/spec.ts';
import type { K6Phase } from './phase-at.ts';

export interface K6Config {
  readonly schema: 1;
  readonly seed: number;
  readonly durationUs: number;
  readonly drainUs: number;
  /** Where the start is asked for; absent where nobody conducts the run. */
  readonly control?: string;
  /** Of the scenario; only in an exported script. */
  readonly hash?: string;
  readonly groups: readonly K6Group[];
  /** When each fault is in force; absent where there are none. */
  readonly phases?: readonly K6Phase[];
}

/** A load without its world: what an exported script carries in itself. */
export interface K6Plan extends Omit<K6Config, 'control' | 'hash' | 'groups'> {
  readonly hash: string;
  readonly groups: readonly (Omit<K6Group, 'credentials' | 'roleArn' | 'targets'> & {
    readonly partition: string;
    readonly principal: string;
  })[];
}

export interface K6Group {
  readonly name: string;
  readonly location: string;
  readonly callers: number;
  readonly ratePerSecond: number;
  readonly operations: Readonly<Partial<Record<K6Operation, number>>>;
  readonly arrivals: 'poisson' | 'even';
  /** With host names as endpoints. */
  readonly policy: PolicySpec;
  readonly credentials: K6Credentials;
  readonly roleArn: string;
  /** In the policy's order. */
  readonly targets: readonly K6Target[];
}

export type K6Operation = 'AssumeRole' | 'GetCallerIdentity' | 'GetSessionToken';

export interface K6Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface K6Target {
  readonly host: string;
  readonly signingRegion: string;
  /** On 127.0.0.1. */
  readonly port: number;
}

/** A group that a script describes by itself, for a k6 without a run around it. */
export interface GroupOptions {
  /** Stem of the callers' names; `k6` without it. */
  readonly name?: string;
  /** Regions, host names or `global`, in place of endpoints. */
  readonly policy: PolicySpec;
  /** User of the account; `app` without it. */
  readonly principal?: string;
  /** AWS partition of the account; `aws` without it. */
  readonly partition?: string;
}

/** The part of `regionfall up --json` that a script needs. */
interface World {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly accounts: readonly {
    readonly partition: string;
    readonly principals: readonly ({ readonly name: string } & K6Credentials)[];
    readonly roles: readonly string[];
  }[];
}

/** Put in by the bundler of an exported script; null in any other. */
declare const REGIONFALL_PLAN: K6Plan | null;
declare const __ENV: Readonly<Record<string, string | undefined>>;
declare function open(path: string): string;

const configPath = __ENV['REGIONFALL_CONFIG'];
const worldPath = __ENV['REGIONFALL_WORLD'];

const world: World | undefined = !configPath && worldPath ? readWorld(open(worldPath)) : undefined;

/** Of the run, or of the exported load in the world that it was given; undefined in any other k6. */
export const config: K6Config | undefined = configPath ? JSON.parse(open(configPath)) : planned();

/** @throws for a file that says nothing yet, or something else: `up` writes its line when the world is open. */
function readWorld(text: string): World {
  let read: Partial<World> | null = null;
  try {
    read = JSON.parse(text.trim().split('\n')[0] ?? '');
  } catch {
    // What an engine says of a place in a text tells nobody what to do.
  }
  if (read?.endpoints !== undefined && read.accounts !== undefined) return read as World;
  throw new Error(
    `REGIONFALL_WORLD names ${worldPath}, which does not hold the line of \`regionfall up --json\`: wait until that is written`,
  );
}

function planned(): K6Config | undefined {
  if (REGIONFALL_PLAN === null || world === undefined) return undefined;
  const groups = REGIONFALL_PLAN.groups.map((group) => ({ ...group, ...inWorld(group) }));
  return { ...REGIONFALL_PLAN, groups };
}

/** Every address that the script may dial, by the name and port that a URL has. */
export function addresses(): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (world !== undefined) {
    for (const [host, address] of Object.entries(world.endpoints)) {
      found[`${host}:443`] = address;
      found[`${host}:${portOf(address)}`] = address;
    }
  }
  for (const { targets } of config?.groups ?? []) {
    for (const { host, port } of targets) {
      found[`${host}:443`] ??= `127.0.0.1:${port}`;
      found[`${host}:${port}`] = `127.0.0.1:${port}`;
    }
  }
  return found;
}

/** @throws when there is neither a run nor a world: a script never dials AWS by itself. */
export function refuseWithoutWorld(): void {
  if (config !== undefined || world !== undefined) return;
  throw new Error(
    'regionfall/k6 has no world to call: run the script by `regionfall run`, or set REGIONFALL_WORLD to a file that holds the line of `regionfall up --json`. It never calls AWS by itself.',
  );
}

/**
 * A group of the run by its name, or one that the script describes. In a run the scenario says what the group of that
 * name is, so that one script serves both.
 */
export function groupOf(wanted: string | GroupOptions): K6Group {
  refuseWithoutWorld();
  if (config === undefined) {
    if (typeof wanted !== 'string') return described(wanted);
    throw new Error(`caller('${wanted}') needs a scenario; outside of one write caller({ policy: … })`);
  }
  const name = typeof wanted === 'string' ? wanted : (wanted.name ?? 'k6');
  const group = config.groups.find((candidate) => candidate.name === name);
  if (group !== undefined) return group;
  const names = config.groups.map((candidate) => candidate.name).join(', ');
  throw new Error(`the scenario has no group '${name}'; it has ${names}`);
}

function described({ name = 'k6', policy, principal = 'app', partition = 'aws' }: GroupOptions): K6Group {
  return {
    name,
    location: '',
    callers: 1,
    ratePerSecond: 1,
    operations: { AssumeRole: 1 },
    arrivals: 'even',
    policy,
    ...inWorld({ policy, principal, partition }),
  };
}

/** Keys, role and addresses as the world has them. */
function inWorld({
  policy,
  principal,
  partition,
}: Required<Pick<GroupOptions, 'policy' | 'principal' | 'partition'>>): Pick<
  K6Group,
  'credentials' | 'roleArn' | 'targets'
> {
  const account = world?.accounts.find((candidate) => candidate.partition === partition);
  const keys = account?.principals.find((candidate) => candidate.name === principal);
  if (account === undefined || keys === undefined)
    throw new Error(`the world has no user '${principal}' in ${partition}`);
  const { accessKeyId, secretAccessKey } = keys;
  const targets = endpointsOf(policy).map((endpoint): K6Target => {
    const host = hostOfEndpointName(endpoint);
    const address = world?.endpoints[host];
    if (address === undefined) throw new Error(`the world does not answer as '${host}'`);
    return { host, signingRegion: endpointOfHost(host)?.signingRegion ?? endpoint, port: portOf(address) };
  });
  return { credentials: { accessKeyId, secretAccessKey }, roleArn: account.roles[0] ?? '', targets };
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
