import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ControlPlaneDown, createControlPlane } from './control-plane.ts';
import { defaultAccounts } from './world-accounts.ts';
import { buildWorldState } from './world-state.ts';

const ACCOUNT = '111122223333';
const CHINA = '222233334444';
const initial = buildWorldState({
  accounts: defaultAccounts(['aws', 'aws-cn'], 7),
  sealKeyOf: () => Buffer.alloc(32, 1),
  createdMs: 0,
});

function fixture(delayMs = { minimum: 1_000, maximum: 3_000 }) {
  let nowMs = 0;
  const plane = createControlPlane({ initial, clock: () => nowMs * 1_000, delayMs, seed: 7 });
  const rename = (name: string, account = ACCOUNT) =>
    plane.change(account, (before) => ({
      ...before,
      settings: { ...before.settings, outboundIssuer: name },
    }));
  const seenIn = (replica: ReturnType<typeof plane.replica>) =>
    replica.state().accounts.get(ACCOUNT)?.settings.outboundIssuer;
  return {
    plane,
    rename,
    seenIn,
    passMs: (ms: number) => {
      nowMs += ms;
    },
  };
}

describe('a change', () => {
  test('is there for whoever asks the control plane, at once', () => {
    const { plane, rename } = fixture();
    rename('one');
    expect(plane.state().accounts.get(ACCOUNT)?.settings.outboundIssuer).toBe('one');
  });

  test('reaches each Region after that Region’s own delay', () => {
    const { plane, rename, seenIn, passMs } = fixture();
    const [ireland, oregon] = [plane.replica('eu-west-1'), plane.replica('us-west-2')];
    expect(ireland.delayMs).not.toBe(oregon.delayMs);
    rename('one');
    for (const replica of [ireland, oregon].toSorted((a, b) => a.delayMs - b.delayMs)) {
      expect(seenIn(replica)).toBeUndefined();
    }
    passMs(Math.min(ireland.delayMs, oregon.delayMs) + 0.001);
    const [first, second] = [ireland, oregon].toSorted((a, b) => a.delayMs - b.delayMs);
    expect([first && seenIn(first), second && seenIn(second)]).toEqual(['one', undefined]);
    passMs(3_000);
    expect([seenIn(ireland), seenIn(oregon)]).toEqual(['one', 'one']);
  });

  test('never overtakes an earlier one', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 30 }), (pauses) => {
        const { plane, rename, seenIn, passMs } = fixture();
        const replica = plane.replica('eu-west-1');
        let last = 0;
        pauses.forEach((pause, index) => {
          rename(String(index + 1));
          passMs(pause);
          const seen = Number(seenIn(replica) ?? 0);
          expect(seen).toBeGreaterThanOrEqual(last);
          last = seen;
        });
      }),
    );
  });

  test('that throws leaves everything as it was', () => {
    const { plane } = fixture();
    const edit = () => {
      throw new Error('no such user');
    };
    expect(() => plane.change(ACCOUNT, edit)).toThrow('no such user');
    expect(plane.state()).toBe(initial);
  });
});

describe('a control plane that is down', () => {
  test('changes nothing in its partition, and the Regions go on with what was on its way', () => {
    const { plane, rename, seenIn, passMs } = fixture();
    const replica = plane.replica('eu-west-1');
    rename('before');
    plane.setUp('aws', false);
    expect(() => rename('during')).toThrow(ControlPlaneDown);
    passMs(10_000);
    expect(seenIn(replica)).toBe('before');
    plane.setUp('aws', true);
    rename('after');
    passMs(10_000);
    expect(seenIn(replica)).toBe('after');
  });

  test('leaves the other partitions alone', () => {
    const { plane, rename } = fixture();
    plane.setUp('aws', false);
    rename('elsewhere', CHINA);
    expect(plane.state().accounts.get(CHINA)?.settings.outboundIssuer).toBe('elsewhere');
  });
});

describe('a control plane that faults hold down', () => {
  test('is up again when the last hold ends, unless an administrator took it down', () => {
    const { plane, rename } = fixture();
    const [one, two] = [plane.holdDown('aws'), plane.holdDown('aws')];
    expect(() => rename('during')).toThrow(ControlPlaneDown);
    one();
    one();
    expect(plane.isUp('aws')).toBe(false);
    plane.setUp('aws', false);
    two();
    expect(plane.isUp('aws')).toBe(false);
    plane.setUp('aws', true);
    rename('after');
    expect(plane.isUp('aws')).toBe(true);
  });

  test('does not keep out what happens unasked', () => {
    const { plane, seenIn, passMs } = fixture();
    const replica = plane.replica('eu-west-1');
    plane.holdDown('aws');
    plane.changeUnasked(ACCOUNT, (before) => ({
      ...before,
      settings: { ...before.settings, outboundIssuer: 'unasked' },
    }));
    expect(seenIn(replica)).toBeUndefined();
    passMs(replica.delayMs);
    expect(seenIn(replica)).toBe('unasked');
  });
});

describe('a replica that faults hold', () => {
  test('keeps what had reached it, whether anybody had looked or not, and the others go on', () => {
    const { plane, rename, seenIn, passMs } = fixture();
    const [ireland, oregon] = [plane.replica('eu-west-1'), plane.replica('us-west-2')];
    rename('before');
    passMs(3_000);
    rename('on its way');
    plane.holdReplica('eu-west-1');
    passMs(10_000);
    expect([seenIn(ireland), seenIn(oregon)]).toEqual(['before', 'on its way']);
    // Another view of the same Region is no fresher.
    expect(ireland.state()).not.toBe(oregon.state());
  });

  test('has all that is due when the last hold ends, and the rest in its time', () => {
    const { plane, rename, seenIn, passMs } = fixture();
    const replica = plane.replica('eu-west-1');
    const [one, two] = [plane.holdReplica('eu-west-1'), plane.holdReplica('eu-west-1')];
    rename('one');
    rename('two');
    passMs(10_000);
    rename('three');
    one();
    one();
    expect(seenIn(replica)).toBeUndefined();
    two();
    expect(seenIn(replica)).toBe('two');
    passMs(replica.delayMs);
    expect(seenIn(replica)).toBe('three');
  });
});
