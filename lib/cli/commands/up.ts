/** `up`: a world to play in, until a signal. Tells how to live in it, to people or as the JSON object of the contract. */

import { type EraName, era as eraNamed } from '../../aws/eras.ts';
import { doorsOf, type Front, openFront } from '../../world/front.ts';
import type { UpJson } from '../../world/up-json.ts';
import { EXIT } from '../exit-codes.ts';
import type { NetworkName } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';
import {
  announcedWorldFolder,
  publishAuthority,
  removeStaleWorlds,
  removeWorldFolder,
} from '../world-folder.ts';
import { endOfWorld, openChosenWorld } from '../world-options.ts';
import { withLever } from './with-lever.ts';

export interface UpOptions {
  readonly era: EraName;
  readonly regions: readonly string[];
  /** Where callers may stand; the Regions themselves without it. */
  readonly locations?: readonly string[];
  readonly network: NetworkName;
  readonly adminPort?: number;
  /** Address on which other containers reach the world: its names on port 443, and more; see world/front.ts. */
  readonly listen?: string;
  /** Where the certificate authority is written as well, for those who have to trust it. */
  readonly caFile?: string;
  readonly seed: number;
  readonly out: string;
  readonly json: boolean;
}

/** Returns when the signal aborts, or when somebody pulls the lever. */
export async function upCommand(
  options: UpOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  return await withLever(terminal, signal, async ({ any, lever }) => {
    await removeStaleWorlds(options.out);
    await using world = await openChosenWorld({
      era: options.era,
      regions: options.regions,
      locations: options.locations ?? options.regions,
      network: options.network,
      seed: options.seed,
      signal: any,
      ...(options.adminPort === undefined ? {} : { adminPort: options.adminPort }),
    });
    const folder = await announcedWorldFolder(options.out, world);
    const { listen: address } = options;
    let front: Front | undefined;
    try {
      if (address !== undefined) front = await openFront({ address, doors: doorsOf(world) });
      if (options.caFile !== undefined) await publishAuthority(options.caFile, world);
      if (options.json) terminal.result(JSON.stringify(folder.world));
      else {
        for (const line of describe(folder.world, options)) terminal.result(line);
        for (const limit of world.networkLimits) terminal.say(`note: ${limit}`);
      }
      await Promise.race([aborted(any), endOfWorld(world)]);
      return lever.aborted ? EXIT.aborted : EXIT.pass;
    } finally {
      await front?.close();
      await removeWorldFolder(folder);
    }
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function describe(world: UpJson, { regions, era: name }: UpOptions): readonly string[] {
  const era = eraNamed(name);
  const harmless = era.actions.has('GetCallerIdentity') ? 'get-caller-identity' : 'get-session-token';
  const [location] = Object.keys(world.edges);
  const hosts = [...Object.keys(world.endpoints), ...Object.keys(world.controlPlane)];
  const hostWidth = Math.max(...hosts.map((host) => host.length));
  return [
    `An emulated world of ${regions.join(', ')} is open (era ${world.era}; not AWS).`,
    '',
    'Run any program in it from another terminal, in the same folder:',
    `  regionfall exec --location ${location} --as app -- aws sts ${harmless}`,
    '',
    'Endpoints, TLS:',
    ...Object.entries(world.endpoints).map(([host, address]) => `  ${host.padEnd(hostWidth)}  ${address}`),
    'Control plane, TLS:',
    ...Object.entries(world.controlPlane).map(([host, address]) => `  ${host.padEnd(hostWidth)}  ${address}`),
    'CONNECT proxies by location:',
    ...Object.entries(world.edges).map(([name, url]) => `  ${name}  ${url}`),
    'Accounts:',
    ...world.accounts.map(
      (account) =>
        `  ${account.id} (${account.partition}): users ${account.principals.map(({ name }) => name).join(', ')}; roles ${account.roles.join(', ')}`,
    ),
    ...(era.regionsOffUntilActivated
      ? [
          `STS is off in every Region but ${era.fixedOn.join(', ')} until an administrator activates it, by the admin API:`,
          `  PUT /v1/accounts/${world.accounts[0]?.id}/regions/REGION {"active":true}`,
        ]
      : []),
    `Certificate authority: ${world.ca}`,
    `Admin API: ${world.admin} (its token and the keys: regionfall up --json)`,
    '',
    'Ctrl-C closes it.',
  ];
}
