import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_ERA, era as eraNamed } from '../aws/eras.ts';
import { createHeldSettings } from '../identity/held-settings.ts';
import { createIdentity } from '../identity/identity.ts';
import { defaultAccounts } from '../identity/world-accounts.ts';
import { createServiceFaults } from '../sts/service-faults.ts';
import { NOON_MS, separateKeys } from '../sts/test-desk.ts';
import { type AdminServer, openAdminServer } from './admin-server.ts';
import { stsHostNames } from './region-hosts.ts';
import { createControl, type ServiceControl } from './service-control.ts';

const TOKEN = 'a token for tests';
const SWITCH = '/v1/accounts/111122223333/regions/eu-west-1';
const regions = ['us-east-1', 'eu-west-1', 'af-south-1'];

let admin: AdminServer;
let control: ServiceControl;

beforeEach(async () => {
  const accounts = defaultAccounts(['aws'], 7);
  const era = eraNamed(DEFAULT_ERA);
  const identity = createIdentity({ era, accounts, sealKeys: separateKeys() }, () => 0);
  control = createControl({
    identity,
    faults: createServiceFaults(regions, () => 0),
    settings: createHeldSettings(identity.plane, era),
    certificates: { replace: () => () => {} },
    regions,
    hosts: stsHostNames(regions),
    wallClock: () => NOON_MS,
    later: () => () => {},
  });
  admin = await openAdminServer({ token: TOKEN, control, config: { era: '2026', regions, accounts } });
});

afterEach(() => admin.close());

interface Call {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

/** A valid call, unless told otherwise; a header of `undefined` is left out. */
function call({ method = 'PUT', path = SWITCH, headers = {}, body = '{"active":false}' }: Call = {}) {
  const { host, port } = new URL(admin.url);
  const all: Record<string, string | undefined> = {
    host,
    authorization: `Bearer ${TOKEN}`,
    'content-type': 'application/json',
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: sent }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(method === 'PUT' ? body : undefined);
  });
}

const fault = (order: object): Call => ({ path: '/v1/faults/f', body: JSON.stringify(order) });

describe('the admin API', () => {
  test('switches a Region off and on for one account', async () => {
    const off = await call();
    expect([off.status, JSON.parse(off.body)]).toEqual([200, { disabledRegions: ['eu-west-1'] }]);
    expect(control.observe().disabledRegions).toEqual({ '111122223333': ['eu-west-1'] });
    await call({ body: '{"active":true}' });
    expect(control.observe().disabledRegions).toEqual({ '111122223333': [] });
  });

  test('shows the state without a secret in it', async () => {
    const { status, body } = await call({ method: 'GET', path: '/v1/state' });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ era: '2026', regions, accounts: [{ id: '111122223333' }] });
    for (const user of defaultAccounts(['aws'], 7)[0]?.users ?? []) {
      expect(body).not.toContain(user.secretAccessKey);
    }
  });

  const account = '111122223333';
  const requests = { regions: ['eu-west-1'] };
  test.each<[string, object, object]>([
    ['error', { requests, code: 'Throttling', status: 400 }, { requests: { share: 1 }, seed: 0 }],
    ['html', { requests }, { status: 503 }],
    ['late', { requests, delay: { kind: 'jittered', addedMs: 5, jitterMs: 1 } }, { seed: 0 }],
    ['quota-used-up', { regions: ['eu-west-1'], leavesPerSecond: 0 }, {}],
    ['region-off', { account, region: 'eu-west-1' }, {}],
    ['opt-in-withdrawn', { account, region: 'af-south-1' }, {}],
    ['control-plane-down', { partition: 'aws' }, {}],
    ['replica-stale', { region: 'eu-west-1' }, {}],
    ['keys-deleted', { account, user: 'app' }, {}],
    ['role-deleted', { account, role: 'app' }, {}],
    ['token-version', { account, version: 2 }, {}],
    [
      'certificate',
      {
        hosts: ['sts.eu-west-1.amazonaws.com'],
        trouble: 'expired',
        certificates: [{ host: 'sts.eu-west-1.amazonaws.com', certificatePem: 'PEM', keyPem: 'secret PEM' }],
      },
      { trouble: 'expired' },
    ],
  ])('sets a fault of kind %s that has a lease, and clears it', async (kind, order, more) => {
    const set = await call({ path: '/v1/faults/mine', body: JSON.stringify({ kind, ...order }) });
    expect(JSON.parse(set.body)).toMatchObject({ id: 'mine', kind, leaseMs: 60_000, ...more });
    expect(set.body).not.toContain('secret');
    expect(control.observe().faults).toEqual(['mine']);
    const cleared = await call({ method: 'DELETE', path: '/v1/faults/mine' });
    expect(JSON.parse(cleared.body)).toEqual({ known: true });
    expect(control.observe().faults).toEqual([]);
  });

  test('takes the control plane away and brings it back; its own Region switch is refused meanwhile', async () => {
    const path = '/v1/control-plane/aws';
    expect(JSON.parse((await call({ path, body: '{"up":false}' })).body)).toEqual({ aws: 'down' });
    const refused = await call();
    expect([refused.status, JSON.parse(refused.body).error.message]).toEqual([
      409,
      'the control plane of partition aws is down: nothing can be changed',
    ]);
    expect(control.observe().disabledRegions).toEqual({ '111122223333': [] });
    const shown = await call({ method: 'GET', path: '/v1/state' });
    expect(JSON.parse(shown.body)).toMatchObject({
      controlPlanes: { aws: 'down' },
      replicaDelaysMs: { 'us-east-1': expect.any(Number), 'eu-west-1': expect.any(Number) },
    });
    expect(JSON.parse((await call({ path, body: '{"up":true}' })).body)).toEqual({ aws: 'up' });
    expect((await call()).status).toBe(200);
  });

  test.each<[string, number, Call]>([
    ['without a token', 401, { headers: { authorization: undefined } }],
    ['with a wrong token', 401, { headers: { authorization: `Bearer ${TOKEN}x` } }],
    ['under another host name', 403, { headers: { host: 'rebound.example' } }],
    ['under a host name with a trailing dot', 403, { headers: { host: 'localhost.' } }],
    ['from a page of another origin', 403, { headers: { origin: 'https://evil.example' } }],
    ['from a sandboxed page', 403, { headers: { origin: 'null' } }],
    ['from a page of another site', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['as a form', 415, { headers: { 'content-type': 'text/plain' } }],
    ['with a body that is not JSON', 400, { body: 'active=false' }],
    ['with a body of another shape', 400, { body: '{"active":"no"}' }],
    ['with an unknown field', 400, { body: '{"active":false,"__proto__":{}}' }],
    ['for a Region that has no switch', 409, { path: '/v1/accounts/111122223333/regions/us-east-1' }],
    ['for an account that does not exist', 409, { path: '/v1/accounts/000000000000/regions/eu-west-1' }],
    ['for the control plane of a partition without an account', 404, { path: '/v1/control-plane/aws-cn' }],
    ['for a partition that is none', 404, { path: '/v1/control-plane/constructor' }],
    ['for the control plane, in other words', 400, { path: '/v1/control-plane/aws' }],
    ['by a fault of no kind', 400, { path: '/v1/faults/f', body: '{"kind":"service-error"}' }],
    [
      'by a fault with a field too many',
      400,
      fault({ kind: 'replica-stale', region: 'eu-west-1', id: 'other' }),
    ],
    [
      'by a fault with an endless lease',
      400,
      fault({ kind: 'replica-stale', region: 'eu-west-1', leaseMs: 1e12 }),
    ],
    ['by a fault of a Region that is not there', 409, fault({ kind: 'replica-stale', region: 'eu-west-9' })],
    ['by GET', 404, { method: 'GET' }],
    ['at another version', 404, { path: SWITCH.replace('v1', 'v2') }],
    ['deeper than there is anything', 404, { path: `${SWITCH}/more` }],
  ])('changes nothing %s', async (_name, status, sent) => {
    const answer = await call(sent);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toHaveProperty('error.message');
    expect(control.observe()).toEqual({ faults: [], disabledRegions: { '111122223333': [] } });
  });
});
