/**
 * The package.json that users get, from the repository's own: that one points at sources, brings a Node of its own and
 * is never published. Values in, values out.
 */

/** Of package.json, what is read here. */
export interface RootManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  /** Entry → source. */
  readonly exports: Readonly<Record<string, string>>;
}

/** The oldest Node that the package runs on; the sources themselves need a newer one. */
export const OLDEST_NODE = '22.12';

/** The command's file in the package. */
export const LAUNCHER = 'bin/regionfall';

/** What the package holds beside package.json; npm takes README, LICENSE and package.json by itself. */
export const CONTENTS = [
  'bin',
  'docs',
  'lib',
  'reports',
  'scenarios',
  'docker-compose.yml',
  'CHANGELOG.md',
  'sbom.cdx.json',
] as const;

/** @param root The repository's package.json. */
export function publishedManifest(root: RootManifest): Record<string, unknown> {
  const { name, version, description, license } = root;
  return {
    name,
    version,
    description,
    keywords: ['aws', 'sts', 'chaos', 'resilience', 'failover', 'multi-region', 'k6', 'toxiproxy', 'testing'],
    license,
    type: 'module',
    engines: { node: `>=${OLDEST_NODE}` },
    bin: { [name]: LAUNCHER },
    exports: {
      ...Object.fromEntries(Object.entries(root.exports).map(([entry, source]) => [entry, built(source)])),
      './package.json': './package.json',
    },
    files: [...CONTENTS],
    dependencies: root.dependencies,
    // Our declarations refer to Node's; who writes JavaScript needs none.
    peerDependencies: { '@types/node': `>=${OLDEST_NODE.split('.')[0]}`, ...root.peerDependencies },
    peerDependenciesMeta: { '@types/node': { optional: true }, ...root.peerDependenciesMeta },
  };
}

/** `./lib/index.ts` → the declaration first, as TypeScript wants it, then what is run. */
function built(source: string): { readonly types: string; readonly default: string } {
  const stem = source.replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}
