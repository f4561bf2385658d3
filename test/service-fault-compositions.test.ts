/** What several faults of the service do together, and what clients with open connections and TLS sessions meet. */

import { Agent } from 'node:https';
import { describe, expect, test } from 'vitest';
import { sessionOf } from '../lib/sts/test-desk.ts';
import { ACCOUNT, TO_IRELAND, useFaultWorld } from './fault-world.ts';

const { control, set, ask, outcome, assume, readControlPlane, spread, end, strangeCertificate } =
  useFaultWorld();

const requests = TO_IRELAND;
const oregon = (): Promise<string> => assume({ region: 'us-west-2' });
/** OpenSSL has several words for it. */
const UNTRUSTED = /^(CERT_|UNABLE_|SELF_|ERR_TLS)/;

describe('a late answer', () => {
  test('is right, and late by all that several faults add', async () => {
    const late = (id: string, addedMs: number): void =>
      set(id, { kind: 'late', requests, delay: { kind: 'jittered', addedMs, jitterMs: 10 }, seed: 7 });
    late('one', 60);
    late('two', 80);
    const answer = await ask({ operation: 'AssumeRole' });
    expect(answer.credentials?.accessKeyId).toMatch(/^ASIA/);
    expect(answer.elapsedMs).toBeGreaterThan(118);
  });

  test('of an error is late too, and a page of HTML is no answer of STS', async () => {
    set('late', { kind: 'late', requests, delay: { kind: 'fixed', addedMs: 50 }, seed: 7 });
    set('page', { kind: 'html', requests, status: 502, seed: 7 });
    const page = await ask();
    expect(page).toMatchObject({ status: 502, contentType: 'text/html', errorCode: '', requestId: '' });
    expect(page.servingRegion).toBe('');
    expect(page.elapsedMs).toBeGreaterThan(48);
  });
});

describe('a Region whose replica is stale', () => {
  test('goes on issuing for a role that is gone everywhere else, and forgets it when it catches up', async () => {
    set('stale', { kind: 'replica-stale', region: 'eu-west-1' });
    set('role', { kind: 'role-deleted', account: ACCOUNT, role: 'app' });
    spread();
    expect([await assume(), await oregon()]).toEqual(['200', '403 AccessDenied']);
    const session = await ask({ operation: 'AssumeRole' });
    const elsewhere = { region: 'us-west-2', credentials: sessionOf(session) };
    expect(await outcome(elsewhere)).toBe('403 InvalidClientTokenId');
    end('stale');
    expect(await assume()).toBe('403 AccessDenied');
    end('role');
    spread();
    // The same unique id: sessions from before are good again.
    expect([await assume(), await outcome(elsewhere)]).toEqual(['200', '200']);
  });

  test('is let go by its lease', async () => {
    control().setFault({ id: 'stale', kind: 'replica-stale', region: 'eu-west-1', leaseMs: 50 });
    set('role', { kind: 'role-deleted', account: ACCOUNT, role: 'app' });
    spread();
    await expect.poll(() => assume(), { timeout: 10_000 }).toBe('403 AccessDenied');
    expect(control().observe().faults).toEqual(['role']);
  });
});

test('keys are gone although nothing can be changed, and come back while nothing can', async () => {
  set('plane', { kind: 'control-plane-down', partition: 'aws' });
  set('keys', { kind: 'keys-deleted', account: ACCOUNT, user: 'app' });
  spread();
  expect([await outcome(), await readControlPlane()]).toEqual([
    '403 InvalidClientTokenId',
    '503 ServiceUnavailable',
  ]);
  end('keys');
  spread();
  expect([await outcome(), await readControlPlane()]).toEqual(['200', '503 ServiceUnavailable']);
});

describe('other certificates', () => {
  const other = (): void => set('other', strangeCertificate());

  test('are no matter to a connection that is open', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect(await outcome({ agent })).toBe('200');
    other();
    expect(await outcome({ agent })).toBe('200');
    expect(await outcome()).not.toBe('200');
    agent.destroy();
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'are met by a client that holds a session of %s, too',
    async (version) => {
      const agent = new Agent({ maxVersion: version });
      await ask({ agent });
      expect((await ask({ agent })).resumed).toBe(true);
      other();
      expect(await outcome({ agent })).toMatch(UNTRUSTED);
      end('other');
      expect(await outcome({ agent })).toBe('200');
      agent.destroy();
    },
  );

  test('leave the sessions of other Regions’ clients alone', async () => {
    const agent = new Agent();
    const region = 'us-west-2';
    await ask({ agent, region });
    other();
    expect((await ask({ agent, region })).resumed).toBe(true);
    agent.destroy();
  });
});
