import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandom } from '../time/random.ts';
import { createPortChooser } from './link-ports.ts';
import type { ProxyPlace } from './toxiproxy-control.ts';
import { openToxiproxyFleet, type ToxiproxyFleet } from './toxiproxy-fleet.ts';
import { joinToxiproxy } from './toxiproxy-given.ts';
import type { HeldPorts } from './toxiproxy-held-ports.ts';
import { OPEN_SHAPE, type ProxyShape, sameShape, type Toxic } from './toxiproxy-shape.ts';
import { type Misdeed, openStubToxiproxy, type StubToxiproxy } from './toxiproxy-stub.fixture.ts';

const lost = (stream: string): Toxic => ({
  name: `lost_${stream}`,
  type: 'timeout',
  stream,
  toxicity: 1,
  attributes: { timeout: 0 },
});
const SILENT: ProxyShape = {
  ...OPEN_SHAPE,
  toxics: [...OPEN_SHAPE.toxics, lost('upstream'), lost('downstream')],
};
const CLOSED: ProxyShape = { ...OPEN_SHAPE, enabled: false };
const HELD: ProxyShape = { ...CLOSED, held: true };

/** A quarter of the usual one, and a sixth of what a late stub takes. */
const DEADLINE_MS = 250;
const PREFIX = 'regionfall-1-0123456789ab-';
const ports = createPortChooser(createRandom(`fleet/${process.pid}`));

let first: StubToxiproxy;
let second: StubToxiproxy;
let fleet: ToxiproxyFleet;
let replaced: { reason: string; pid: number }[];
let tampered: string[];
let lostFor: string[];
let holds: string[];

beforeEach(async () => {
  [replaced, tampered, lostFor, holds] = [[], [], [], []];
  [first, second] = [await openStubToxiproxy(), await openStubToxiproxy()];
});
afterEach(async () => {
  await fleet.close().catch(() => {});
  await Promise.all([first, second].map((stub) => stub[Symbol.asyncDispose]()));
});

/** Keeps no port and remembers what it was told. */
const held = (): HeldPorts => {
  const ours = new Set<number>();
  return {
    has: (port) => ours.has(port),
    hold: async (port) => {
      ours.add(port);
      holds.push('hold');
    },
    release: async (port) => {
      ours.delete(port);
      holds.push('release');
    },
    releaseAll: async () => {
      holds.push('release all');
    },
  };
};

/** On the first stub, and when that fails on the second. */
async function openOwn(replacementsMax = 5): Promise<ToxiproxyFleet> {
  const ports = held();
  const servers = [first.asChild(101, ports, DEADLINE_MS), second.asChild(102, ports, DEADLINE_MS)];
  return open(
    async () => {
      const next = servers.shift();
      if (next === undefined) throw new Error('there is no third');
      return next;
    },
    ports,
    replacementsMax,
  );
}

async function openGiven(): Promise<ToxiproxyFleet> {
  const ports = held();
  return open(
    () => joinToxiproxy({ url: first.url, prefix: PREFIX, held: ports, deadlineMs: DEADLINE_MS }),
    ports,
  );
}

function open(
  server: Parameters<typeof openToxiproxyFleet>[0]['open'],
  heldPorts: HeldPorts,
  replacementsMax = 5,
): Promise<ToxiproxyFleet> {
  return openToxiproxyFleet({
    open: server,
    ports,
    held: heldPorts,
    prefix: PREFIX,
    onReplaced: (reason, pid) => replaced.push({ reason, pid }),
    onTampered: (sentence) => tampered.push(sentence),
    onLost: (error) => lostFor.push(error.message),
    replacementsMax,
  });
}

/** Of that kind from the next request on that is told so. */
const from = (begin: string, misdeed: Misdeed) => (request: string) =>
  request.startsWith(begin) ? misdeed : undefined;

const shown = (stub: StubToxiproxy, { name }: ProxyPlace): ProxyShape => {
  const proxy = stub.proxies.get(name);
  return { enabled: proxy?.enabled ?? false, held: false, toxics: proxy?.toxics ?? [] };
};

const MISDEEDS: readonly [what: string, rule: (request: string) => Misdeed, reason: RegExp][] = [
  ['never answers DELETE', from('DELETE', 'deaf'), /did not remove lost_\w+ of .* within 250 ms/],
  ['answers everything late', () => 'late', /did not show .* within 250 ms/],
  ['says yes and does nothing', from('DELETE', 'lies'), /did not carry it out/],
];

describe('a Toxiproxy of our own that', () => {
  it.each(MISDEEDS)(
    '%s is replaced, with every proxy as it should be on its port',
    async (_, rule, reason) => {
      fleet = await openOwn();
      const open = await fleet.add(9, OPEN_SHAPE);
      const shut = await fleet.add(9, CLOSED);
      const silent = await fleet.add(9, SILENT);
      first.misbehave(rule);
      await fleet.shape(silent, OPEN_SHAPE);
      expect(replaced).toEqual([{ reason: expect.stringMatching(reason), pid: 102 }]);
      for (const place of [open, shut, silent]) {
        expect(second.proxies.get(place.name)?.listen).toBe(`127.0.0.1:${place.port}`);
      }
      expect(sameShape(shown(second, open), OPEN_SHAPE)).toBe(true);
      expect(sameShape(shown(second, shut), CLOSED)).toBe(true);
      expect(sameShape(shown(second, silent), OPEN_SHAPE)).toBe(true);
      await fleet.compare();
      expect([fleet.pid(), tampered, lostFor]).toEqual([102, [], []]);
    },
  );

  it('ends is replaced before anybody asks, and ports that we keep are kept throughout', async () => {
    fleet = await openOwn();
    const place = await fleet.add(9, OPEN_SHAPE);
    await fleet.shape(place, HELD);
    await first[Symbol.asyncDispose]();
    await expect.poll(() => replaced).toEqual([{ reason: 'it ended by itself', pid: 102 }]);
    expect(shown(second, place).enabled).toBe(false);
    expect(holds).toEqual(['hold']);
    await fleet.shape(place, OPEN_SHAPE);
    expect(shown(second, place).enabled).toBe(true);
    await fleet.close();
    expect(holds).toEqual(['hold', 'release', 'release all']);
  });

  it('fails again and again is given up, and that is told once', async () => {
    fleet = await openOwn(1);
    const place = await fleet.add(9, SILENT);
    for (const stub of [first, second]) stub.misbehave(from('DELETE', 'lies'));
    await expect(fleet.shape(place, OPEN_SHAPE)).resolves.toBeUndefined(); // The second began with it open.
    await fleet.shape(place, SILENT);
    await expect(fleet.shape(place, OPEN_SHAPE)).rejects.toThrow('Toxiproxy failed again');
    await expect(fleet.shape(place, OPEN_SHAPE)).rejects.toThrow('Toxiproxy failed again');
    expect(lostFor).toHaveLength(1);
  });
});

describe('a Toxiproxy that was given and', () => {
  it.each(MISDEEDS)('%s is lost, and that is told once', async (_, rule, reason) => {
    fleet = await openGiven();
    const silent = await fleet.add(9, SILENT);
    first.misbehave(rule);
    await expect(fleet.shape(silent, OPEN_SHAPE)).rejects.toThrow('not ours to restart');
    await expect(fleet.shape(silent, OPEN_SHAPE)).rejects.toThrow(reason);
    expect(lostFor).toEqual([expect.stringMatching(reason)]);
    expect([replaced, fleet.pid()]).toEqual([[], undefined]);
  });

  it('fails for one proxy is still asked to heal the others', async () => {
    fleet = await openGiven();
    const [stuck, other] = [await fleet.add(9, SILENT), await fleet.add(9, SILENT)];
    first.misbehave((request) => (request.includes(`${stuck.name}/`) ? 'deaf' : undefined));
    await expect(fleet.shape(stuck, OPEN_SHAPE)).rejects.toThrow('not ours to restart');
    await fleet.shape(other, OPEN_SHAPE);
    expect(sameShape(shown(first, other), OPEN_SHAPE)).toBe(true);
  });

  it('dies is lost at the next look', async () => {
    fleet = await openGiven();
    await fleet.add(9, OPEN_SHAPE);
    await first[Symbol.asyncDispose]();
    await fleet.compare();
    expect(lostFor).toEqual([expect.stringContaining(`the Toxiproxy at ${first.url} failed`)]);
  });

  it('restarts under us, empty, was changed by someone else', async () => {
    fleet = await openGiven();
    const place = await fleet.add(9, OPEN_SHAPE);
    first.proxies.clear();
    await fleet.compare();
    expect(tampered).toEqual([expect.stringContaining(`port ${place.port}`)]);
  });

  it('gets rid of everything of ours at the end, and of nothing else', async () => {
    fleet = await openGiven();
    await fleet.add(9, OPEN_SHAPE);
    await fleet.add(9, SILENT);
    expect([...first.proxies.keys()]).toEqual([`${PREFIX}1`, `${PREFIX}2`]);
    const theirs = {
      name: 'theirs',
      listen: '127.0.0.1:1',
      upstream: '127.0.0.1:2',
      enabled: true,
      toxics: [],
    };
    first.proxies.set('theirs', theirs);
    await fleet.close();
    expect([...first.proxies.keys()]).toEqual(['theirs']);
  });
});

describe('a stranger who', () => {
  let place: ProxyPlace;
  beforeEach(async () => {
    fleet = await openOwn();
    place = await fleet.add(9, OPEN_SHAPE);
  });
  const theirs = () => ({ ...OPEN_SHAPE.toxics[0], name: 'theirs' }) as Toxic;
  const proxy = () => {
    const found = first.proxies.get(place.name);
    if (found === undefined) throw new Error('it is gone');
    return found;
  };
  const CHANGES: readonly [string, () => void][] = [
    ['adds a toxic', () => proxy().toxics.push(theirs())],
    ['takes a toxic away', () => proxy().toxics.pop()],
    [
      'changes a toxic',
      () => proxy().toxics.splice(0, 1, { ...theirs(), name: 'path_upstream', toxicity: 0.5 }),
    ],
    ['disables a proxy', () => Object.assign(proxy(), { enabled: false })],
    ['moves a proxy', () => Object.assign(proxy(), { listen: '127.0.0.1:1' })],
    ['leads a proxy elsewhere', () => Object.assign(proxy(), { upstream: '127.0.0.1:1' })],
    ['takes a proxy away', () => first.proxies.delete(place.name)],
    ['adds a proxy', () => first.proxies.set('theirs', { ...proxy(), name: 'theirs' })],
  ];
  it.each(CHANGES)('%s is noticed', async (_, change) => {
    await fleet.compare();
    expect(tampered).toEqual([]);
    change();
    await fleet.compare();
    expect(tampered).toEqual([expect.stringMatching(/changed by someone else|someone else made/)]);
  });

  it('changed something just before an order is noticed, and the order is carried out', async () => {
    proxy().toxics.push(theirs());
    await fleet.shape(place, CLOSED);
    expect(tampered).toHaveLength(1);
    expect(sameShape(shown(first, place), CLOSED)).toBe(true);
  });

  it('is not suspected while orders are being carried out', async () => {
    const places = await Promise.all([1, 2, 3].map(() => fleet.add(9, OPEN_SHAPE)));
    expect(new Set(places.map(({ port }) => port)).size).toBe(3);
    const orders = Promise.all(places.map((one) => fleet.shape(one, SILENT)));
    await Promise.all([fleet.compare(), orders, fleet.compare()]);
    await fleet.compare();
    expect([tampered, replaced]).toEqual([[], []]);
  });
});
