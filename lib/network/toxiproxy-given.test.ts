import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ownPrefix } from '../process/owner-names.ts';
import { joinToxiproxy, sweepToxiproxy } from './toxiproxy-given.ts';
import { createHeldPorts } from './toxiproxy-held-ports.ts';
import { OPEN_SHAPE } from './toxiproxy-shape.ts';
import { openStubToxiproxy, type StubToxiproxy } from './toxiproxy-stub.fixture.ts';

const PREFIX = ownPrefix();
const DEAD = ownPrefix({ pid: process.pid, started: 'long ago' });

let stub: StubToxiproxy;
beforeEach(async () => {
  stub = await openStubToxiproxy();
});
afterEach(() => stub[Symbol.asyncDispose]());

const join = (deadlineMs = 250) =>
  joinToxiproxy({ url: stub.url, prefix: PREFIX, held: createHeldPorts(), deadlineMs });
const put = (name: string, toxics = [...OPEN_SHAPE.toxics]) =>
  stub.proxies.set(name, { name, listen: '127.0.0.1:1', upstream: '127.0.0.1:2', enabled: true, toxics });

describe('a Toxiproxy that was given', () => {
  it('is used when it is empty', async () => {
    expect(await join()).toMatchObject({ url: stub.url, version: '2.12.0', pid: undefined });
  });

  it.each([
    ['a proxy', 'theirs', 0],
    ['a proxy with toxics', 'theirs', 2],
    ['a run of ours that still lives', `${PREFIX}1`, 2],
  ])('is refused with %s on it, which stays', async (_, name, toxics) => {
    put(name, OPEN_SHAPE.toxics.slice(0, toxics));
    await expect(join()).rejects.toMatchObject({
      code: 'RF-TOXIPROXY-DIRTY',
      exitCode: 3,
      message: expect.stringContaining(`1 proxies (${name}) and ${toxics} toxics`),
    });
    expect([...stub.proxies.keys()]).toEqual([name]);
  });

  it('is cleared of what a dead run of ours left, and then used', async () => {
    put(`${DEAD}1`);
    put(`${DEAD}2`);
    await join();
    expect(stub.proxies.size).toBe(0);
  });

  it.each(['deaf', 'late'] as const)('is refused when it is %s', async (misdeed) => {
    stub.misbehave(() => misdeed);
    await expect(join()).rejects.toMatchObject({
      code: 'RF-TOXIPROXY-URL',
      message: expect.stringContaining('did not tell its version within 250 ms'),
    });
  });

  it('is refused when nobody answers, or nobody who is a Toxiproxy', async () => {
    stub.misbehave(() => 'lies');
    await expect(join()).rejects.toMatchObject({
      code: 'RF-TOXIPROXY-URL',
      message: expect.stringContaining("'{}'"),
    });
    await stub[Symbol.asyncDispose]();
    await expect(join()).rejects.toMatchObject({ code: 'RF-TOXIPROXY-URL' });
  });
});

describe('the sweep of a Toxiproxy that was given', () => {
  it('takes away what dead runs left and nothing else, says so, and finds nothing the second time', async () => {
    for (const name of ['theirs', `${PREFIX}1`, `${DEAD}1`, `${DEAD}2`]) put(name);
    expect(await sweepToxiproxy(stub.url)).toEqual([expect.stringContaining('2 proxies')]);
    expect([...stub.proxies.keys()]).toEqual(['theirs', `${PREFIX}1`]);
    expect(await sweepToxiproxy(stub.url)).toEqual([]);
  });

  it('finds nothing where nobody answers', async () => {
    await stub[Symbol.asyncDispose]();
    expect(await sweepToxiproxy(stub.url)).toEqual([]);
  });
});
