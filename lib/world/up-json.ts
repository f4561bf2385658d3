/** A world in plain data, as `regionfall up --json` prints it: all that another program needs to live in it. */

import { stsLinks } from '../journal/event.ts';
import type { World } from './local-world.ts';
import type { WorldLink } from './topology.ts';

/** Field by field the object of the contract, `up --json`. Holds the emulated accounts' secrets: they open nothing else. */
export interface UpJson {
  readonly schema: 1;
  readonly era: string;
  /** Path of the certificate authority's PEM file. */
  readonly ca: string;
  readonly admin: string;
  readonly adminToken: string;
  /** Host name → address that speaks TLS for it, as seen from the world's first location. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** As `endpoints`, for IAM, Account Management and the token issuers; empty where the world has none. */
  readonly controlPlane: Readonly<Record<string, string>>;
  /** Location → URL of its CONNECT proxy. */
  readonly edges: Readonly<Record<string, string>>;
  readonly accounts: readonly UpAccount[];
}

export interface UpAccount {
  readonly id: string;
  readonly partition: string;
  readonly principals: readonly {
    readonly name: string;
    readonly arn: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  }[];
  readonly roles: readonly string[];
}

export function upJson(world: World, caPath: string): UpJson {
  const home = world.links[0]?.location;
  const endpoints = stsLinks(world.links);
  const addresses = (links: readonly WorldLink[]): Record<string, string> =>
    Object.fromEntries(
      links.filter((link) => link.location === home).map((link) => [link.host, `127.0.0.1:${link.port}`]),
    );
  return {
    schema: 1,
    era: world.era,
    ca: caPath,
    admin: world.admin.url,
    adminToken: world.admin.token,
    endpoints: addresses(endpoints),
    controlPlane: addresses(world.links.filter((link) => !endpoints.includes(link))),
    edges: Object.fromEntries(
      Object.entries(world.edges).map(([location, port]) => [location, `http://127.0.0.1:${port}`]),
    ),
    accounts: world.accounts.map((account) => ({
      id: account.id,
      partition: account.partition,
      principals: account.users.map(({ name, arn, accessKeyId, secretAccessKey }) => ({
        name,
        arn,
        accessKeyId,
        secretAccessKey,
      })),
      roles: account.roles.map((role) => role.arn),
    })),
  };
}
