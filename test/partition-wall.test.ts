import { describe, expect, it } from 'vitest';
import scenario from '../scenarios/partition-wall.scenario.ts';
import { type Story, tell } from './story.ts';

describe('the wall between partitions', () => {
  // The two runs mostly wait, so they wait together.
  it('holds for every ordered pair, and is caught with a hole when two partitions share a key', {
    timeout: 90_000,
  }, async () => {
    const [whole, holed] = await Promise.all([
      tell({ scenario }),
      tell({ scenario, sabotage: { sharedSealKeys: [['aws', 'aws-cn']] } }),
    ]);
    expectWhole(whole);
    expectHole(holed);
  });
});

/** Long-term keys and sessions. */
function expectWhole({ json, service }: Story): void {
  expect(json).toMatchObject({ verdict: 'pass', exitCode: 0, reasons: [] });
  expect(json.expectations.find(({ kind }) => kind === 'partition-wall')).toMatchObject({
    verdict: 'pass',
    value: 0,
  });
  // The service says the same from its side: abroad, nobody got anything but a refusal.
  const rows = Array.from({ length: service.length }, (_, index) => service.row(index));
  const abroad = rows.filter((row) => /-at-(?!home)/.test(row.caller));
  expect(abroad.length).toBeGreaterThan(150);
  expect(new Set(abroad.map((row) => row.errorCode))).toEqual(new Set(['InvalidClientTokenId']));
}

/** And the hole is named. */
function expectHole({ json }: Story): void {
  expect(json).toMatchObject({ verdict: 'fail', exitCode: 1 });
  const result = json.expectations.find(({ kind }) => kind === 'partition-wall');
  expect(result?.verdict).toBe('fail');
  expect(result?.sentence).toContain('aws-cn');
  expect(result?.sentence).not.toContain('aws-us-gov');
}
