import { startWorld, type TestFault, type TestWorld } from 'regionfall/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plainSessions, sessions } from '../src/session.ts';

let world: TestWorld;
let role: string;
beforeAll(async () => {
  world = await startWorld({ regions: ['eu-west-1', 'eu-central-1'], locations: ['eu-west-1'] });
  role = world.accounts[0]?.roles[0] ?? '';
}, 60_000);
afterAll(() => world[Symbol.asyncDispose]());

const LOST: readonly TestFault[] = [
  { kind: 'refused', region: 'eu-west-1' },
  { kind: 'silence', region: 'eu-west-1' },
  { kind: 'region-deactivated', region: 'eu-west-1' },
  { kind: 'service-error', region: 'eu-west-1', code: 'ServiceUnavailable' },
];

describe('the shop', { timeout: 30_000 }, () => {
  test.for(LOST)('opens sessions while its Region is lost: $kind', async (fault) => {
    const shop = sessions((region) => world.clientConfig(region));
    expect((await shop.open(role)).Credentials).toBeDefined();
    await using _lost = await world.fault(fault);
    expect((await shop.open(role)).Credentials).toBeDefined();
  });

  test('would wait for ever for a silent Region if it used the SDK as it comes', async () => {
    const shop = plainSessions('eu-west-1', (region) => world.clientConfig(region));
    await using silence = await world.fault({ kind: 'silence', region: 'eu-west-1' });
    const asked = shop.open(role).then(
      () => 'answered',
      () => 'failed',
    );
    const patience = new Promise<string>((resolve) => setTimeout(resolve, 3_000, 'still waiting'));
    expect(await Promise.race([asked, patience])).toBe('still waiting');
    await silence.lift();
  });
});
