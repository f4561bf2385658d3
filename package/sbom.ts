/** The bill of materials: what a user installs with the package, as CycloneDX. */

import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from './npm.ts';

/** Of a bill in CycloneDX, what is changed here. */
interface Bill {
  serialNumber?: string;
  readonly metadata: {
    timestamp?: string;
    readonly component: { name: string; 'bom-ref': string; type: string };
  };
}

/**
 * Asks no registry: the lockfile knows every version and its hash.
 * @param manifest package.json as it is published.
 * @param lockfile The repository's, which holds more; what the package does not depend on falls out.
 */
export function sbomOf(manifest: Readonly<Record<string, unknown>>, lockfile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'regionfall-sbom-'));
  try {
    // Peers come from whoever installs the package, or not at all.
    const { peerDependencies: _peers, peerDependenciesMeta: _meta, ...own } = manifest;
    writeFileSync(join(folder, 'package.json'), JSON.stringify(own));
    copyFileSync(lockfile, join(folder, 'package-lock.json'));
    npm(['install', '--package-lock-only', '--offline', '--ignore-scripts'], { cwd: folder });
    const bill = JSON.parse(
      npm(['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'], {
        cwd: folder,
      }),
    ) as Bill;
    return `${JSON.stringify(reproducible(bill, String(manifest['name'])), null, 2)}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two builds of one commit give one bill: no random number, no time, no name of a temporary folder. */
function reproducible(bill: Bill, name: string): Bill {
  delete bill.serialNumber;
  delete bill.metadata.timestamp;
  bill.metadata.component.name = name;
  return bill;
}
