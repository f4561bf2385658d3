import { describe, expect, it, vi } from 'vitest';
import { monotonicUs } from '../time/monotonic.ts';
import { realScheduler } from './scheduler.ts';

describe('the real scheduler', () => {
  it.each(['exact', 'coarse'] as const)(
    'calls back in order of time and never early, %s',
    async (precision) => {
      const scheduler = realScheduler(monotonicUs, monotonicUs());
      const moments = [6_400, 300, 2_750, 0, 11_111];
      const seen: { readonly atUs: number; readonly earlyUs: number }[] = [];
      for (const atUs of moments) {
        scheduler.at(atUs, precision, () => seen.push({ atUs, earlyUs: atUs - scheduler.now() }));
      }
      await expect.poll(() => seen).toHaveLength(moments.length);
      expect(Math.max(...seen.map(({ earlyUs }) => earlyUs))).toBeLessThanOrEqual(0);
    },
  );

  it('does not call back what was cancelled, asleep or about to', async () => {
    const scheduler = realScheduler(monotonicUs, monotonicUs());
    const cancelled = vi.fn();
    scheduler.at(100, 'exact', cancelled)();
    scheduler.at(8_000, 'exact', cancelled)();
    scheduler.at(8_000, 'coarse', cancelled)();
    await new Promise<void>((resolve) => scheduler.at(20_000, 'exact', resolve));
    expect(cancelled).not.toHaveBeenCalled();
  });

  it('counts backwards before its origin', () => {
    const scheduler = realScheduler(() => 400, 1_000);
    expect(scheduler.now()).toBe(-600);
  });
});
