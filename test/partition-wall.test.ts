import { describe, expect, it } from 'vitest';
import scenario from '../scenarios/partition-wall.scenario.ts';
import { tell } from './story.ts';

describe('the wall between partitions', () => {
  it('holds for every ordered pair, long-term keys and sessions', { timeout: 60_000 }, async () => {
    const { json, service } = await tell({ scenario });
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
  });

  it('is caught with a hole, and the hole is named, when two partitions share a key', {
    timeout: 60_000,
  }, async () => {
    const { json } = await tell({ scenario, sabotage: { sharedSealKeys: [['aws', 'aws-cn']] } });
    expect(json).toMatchObject({ verdict: 'fail', exitCode: 1 });
    const result = json.expectations.find(({ kind }) => kind === 'partition-wall');
    expect(result?.verdict).toBe('fail');
    expect(result?.sentence).toContain('aws-cn');
    expect(result?.sentence).not.toContain('aws-us-gov');
  });
});
