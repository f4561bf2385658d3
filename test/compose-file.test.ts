import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { controlPlaneEndpoints } from '../lib/aws/control-plane-endpoints.ts';
import { endpointsOfRegion, GLOBAL_ENDPOINT } from '../lib/aws/endpoints.ts';
import { PARTITIONS } from '../lib/aws/partitions.ts';
import { REGIONS } from '../lib/aws/regions.ts';

const FILE = new URL('../docker-compose.yml', import.meta.url);

/**
 * Renew with `npm test -- test/compose-file.test.ts -u`. A name that is missing there would be looked up outside, and
 * lead a container to AWS.
 */
test('the compose file gives its network every name of STS, IAM and Account Management', async () => {
  const hosts = [
    GLOBAL_ENDPOINT.host,
    ...REGIONS.flatMap(({ id }) => endpointsOfRegion(id).map(({ host }) => host)),
    ...PARTITIONS.flatMap(({ name }) => controlPlaneEndpoints(name).map(({ host }) => host)),
  ];
  const lines = [...new Set(hosts)].map((host) => `          - ${host}\n`).join('');
  const text = readFileSync(FILE, 'utf8');
  const renewed = text.replace(/(?<=# BEGIN NAMES.*\n)(?:.*\n)*?(?= *# END NAMES)/, lines);
  expect(lines.length).toBeGreaterThan(5_000);
  await expect(renewed).toMatchFileSnapshot(FILE.pathname);
});
