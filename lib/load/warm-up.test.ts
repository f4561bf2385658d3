import { expect, it } from 'vitest';
import { warmUp } from './warm-up.ts';

it('a warm-up ends by itself and leaves nothing open', async () => {
  const resources = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
  const before = resources();
  await warmUp();
  await expect.poll(resources).toEqual(before);
});
