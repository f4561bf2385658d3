import { describe, expect, test } from 'vitest';
import { type Credentials, Secret } from '../aws/credentials.ts';
import { GLOBAL_ENDPOINT, regionalHost } from '../aws/endpoints.ts';
import { encodeForm, STS_VERSION } from '../aws/query-protocol.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { presign } from '../aws/sigv4/signer.ts';
import { type Ask, assuming, createDesk, type Desk, NOON_MS, sessionOf, withHeader } from './test-desk.ts';

const INVALID = 'The security token included in the request is invalid.';
const MINUTE_MS = 60_000;

/** A session of the role, and how to spoil each thing that is checked, from the first check to the last. */
function fixture() {
  const desk = createDesk();
  const session = sessionOf(
    desk.ask({ parameters: assuming(desk.roleArn('aws'), { DurationSeconds: '900' }) }),
  );
  return { desk, session };
}

interface Spoiled {
  credentials: Credentials;
  ask: Omit<Ask, 'credentials'>;
  alterations: ((request: HttpRequest) => HttpRequest)[];
}

interface Step {
  readonly check: string;
  readonly code: string;
  readonly message: string;
  readonly spoil: (request: Spoiled, desk: Desk) => void;
}

const STEPS: readonly Step[] = [
  {
    check: 'nothing that looks like a signature',
    code: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
    spoil: ({ alterations }) =>
      alterations.push((request) => withHeader(request, 'authorization', undefined)),
  },
  {
    check: 'the syntax of the Authorization header',
    code: 'IncompleteSignature',
    message: "Authorization header requires 'Signature' parameter. ",
    spoil: ({ alterations }) =>
      alterations.push((request) =>
        changed(request, 'authorization', (text) => text.replace(/, Signature=.*/, '')),
      ),
  },
  {
    check: 'the clock',
    code: 'SignatureDoesNotMatch',
    message:
      'Signature expired: 20261124T115959Z is now earlier than 20261124T120001Z (20261124T121501Z - 15 min.)',
    spoil: ({ ask }) => Object.assign(ask, { signedAtMs: NOON_MS - 1_000 }),
  },
  {
    check: 'the Region of the scope',
    code: 'SignatureDoesNotMatch',
    message: 'Credential should be scoped to a valid region. ',
    spoil: ({ ask }) => Object.assign(ask, { signingRegion: 'us-west-2' }),
  },
  {
    check: 'the key that the token belongs to',
    code: 'InvalidClientTokenId',
    message: INVALID,
    spoil: (request) => {
      request.credentials = { ...request.credentials, accessKeyId: 'ASIAQAA2XH7JR3JBWRGF' };
    },
  },
  {
    check: 'the expiry of the session',
    code: 'ExpiredToken',
    message: 'The security token included in the request is expired',
    // Spoiled by the test, which lets 901 seconds pass over a session of 900.
    spoil: () => {},
  },
  {
    check: 'the signature',
    code: 'SignatureDoesNotMatch',
    message:
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    spoil: (request) => {
      request.credentials = { ...request.credentials, secretAccessKey: new Secret('x'.repeat(40)) };
    },
  },
];

function changed(request: HttpRequest, name: string, change: (text: string) => string): HttpRequest {
  const value = request.headers.find(([candidate]) => candidate === name)?.[1] ?? '';
  return withHeader(request, name, change(value));
}

describe('the order of authentication', () => {
  // Everything from a step on is wrong: the answer must be about that step, whatever fails after it.
  test.each(STEPS.map((step, index) => [step.check, index] as const))(
    '%s is judged before all that follow',
    (_check, first) => {
      const { desk, session } = fixture();
      const expired = first <= STEPS.findIndex(({ code }) => code === 'ExpiredToken');
      if (expired) desk.passMs(901_000);
      const spoiled: Spoiled = { credentials: session, ask: {}, alterations: [] };
      for (const step of STEPS.slice(first)) step.spoil(spoiled, desk);
      const answer = desk.ask({
        ...spoiled.ask,
        credentials: spoiled.credentials,
        alter: (request) => spoiled.alterations.reduce((altered, alter) => alter(altered), request),
      });
      const step = STEPS[first];
      expect(answer.errorCode).toBe(step?.code);
      expect(answer.errorMessage).toContain(step?.message);
    },
  );

  test('is over when nothing is wrong', () => {
    const { desk, session } = fixture();
    expect(desk.ask({ credentials: session })).toMatchObject({ ok: true });
  });

  test('comes after dispatch and before the parameters', () => {
    const { desk } = fixture();
    const wrong = { ...desk.credentials('aws', 'app'), secretAccessKey: new Secret('wrong') };
    const unknown = { Action: 'NoSuchAction', Version: STS_VERSION };
    expect(desk.ask({ credentials: wrong, parameters: unknown }).errorCode).toBe('InvalidAction');
    const incomplete = { Action: 'AssumeRole', Version: STS_VERSION };
    expect(desk.ask({ credentials: wrong, parameters: incomplete }).errorCode).toBe('SignatureDoesNotMatch');
    expect(desk.ask({ parameters: incomplete }).errorCode).toBe('ValidationError');
  });
});

describe('the clock', () => {
  test.each([
    ['15 minutes late', -15 * MINUTE_MS, true],
    ['15 minutes and a second late', -15 * MINUTE_MS - 1_000, false],
    ['15 minutes early', 15 * MINUTE_MS, true],
    ['15 minutes and a second early', 15 * MINUTE_MS + 1_000, false],
  ])('of a client that is %s', (_name, skewMs, ok) => {
    const { desk } = fixture();
    expect(desk.ask({ signedAtMs: NOON_MS + skewMs }).ok).toBe(ok);
  });

  test('that is ahead is told so', () => {
    const { desk } = fixture();
    expect(desk.ask({ signedAtMs: NOON_MS + 16 * MINUTE_MS }).errorMessage).toBe(
      'Signature not yet current: 20261124T121600Z is still later than 20261124T121500Z (20261124T120000Z + 15 min.)',
    );
  });

  test('that shows a day no calendar has is refused', () => {
    const { desk } = fixture();
    const answer = desk.ask({ alter: (request) => withHeader(request, 'x-amz-date', '20261332T000000Z') });
    expect(answer.errorCode).toBe('SignatureDoesNotMatch');
  });
});

describe('the scope', () => {
  const scoped = (change: (authorization: string) => string) =>
    fixture().desk.ask({ alter: (request) => changed(request, 'authorization', change) }).errorMessage;

  test('names Region and service in one answer, the Region first', () => {
    expect(scoped((text) => text.replace('/eu-west-1/sts/', '/us-west-2/s3/'))).toBe(
      "Credential should be scoped to a valid region. Credential should be scoped to correct service: 'sts'. ",
    );
    expect(scoped((text) => text.replace('/sts/', '/s3/'))).toBe(
      "Credential should be scoped to correct service: 'sts'. ",
    );
  });

  test('must carry the day of the date and the terminator', () => {
    expect(scoped((text) => text.replace('/20261124/', '/20261123/'))).toContain("'20261123' != '20261124'");
    expect(scoped((text) => text.replace('aws4_request', 'aws5_request'))).toContain("'aws4_request'");
  });

  test('of the global endpoint is us-east-1 and no other', () => {
    const { desk } = fixture();
    const { host } = GLOBAL_ENDPOINT;
    expect(desk.ask({ host }).ok).toBe(true);
    expect(desk.ask({ host, signingRegion: 'eu-west-1' }).errorMessage).toBe(
      'Credential should be scoped to a valid region. ',
    );
  });
});

describe('the signature', () => {
  test('covers the body, and no claim about its hash replaces it', () => {
    const { desk } = fixture();
    const body = encodeForm({ Action: 'GetCallerIdentity', Version: STS_VERSION, x: '1' });
    expect(desk.ask({ alter: (request) => ({ ...request, body }) }).errorCode).toBe('SignatureDoesNotMatch');
  });

  test('in the query of a GET is good for 15 minutes, whatever its X-Amz-Expires says', () => {
    const { desk } = fixture();
    const credentials = desk.credentials('aws', 'app');
    const get: HttpRequest = {
      method: 'GET',
      path: '/',
      query: `Action=GetCallerIdentity&Version=${STS_VERSION}`,
      headers: [['host', regionalHost('eu-west-1')]],
      body: '',
    };
    const context = { region: 'eu-west-1', service: 'sts', atMs: NOON_MS, expiresSeconds: 60 } as const;
    const alter = (): HttpRequest => ({ ...get, query: presign(get, credentials, context) });
    expect(desk.ask({ alter }).arn).toBe(desk.user('aws', 'app').arn);
    desk.passMs(15 * MINUTE_MS);
    expect(desk.ask({ alter }).ok).toBe(true);
    desk.passMs(1_000);
    expect(desk.ask({ alter }).errorMessage).toContain('Signature expired: 20261124T120000Z');
  });
});

describe('a key or token', () => {
  const unknown = { ok: false, errorCode: 'InvalidClientTokenId', errorMessage: INVALID };

  test('that nobody has is refused', () => {
    const { desk, session } = fixture();
    const { accessKeyId, secretAccessKey } = session;
    const longTerm = desk.credentials('aws', 'app');
    const { sessionToken = '' } = session;
    for (const credentials of [
      { ...longTerm, accessKeyId: 'AKIAQAA2XH7JR3JBWRGF' },
      // A session without its token, with a broken one, and long-term keys with a token that is not theirs.
      { accessKeyId, secretAccessKey },
      { ...session, sessionToken: `${sessionToken.slice(0, 300)}A${sessionToken.slice(301)}` },
      { ...longTerm, sessionToken },
    ]) {
      expect(desk.ask({ credentials })).toMatchObject(unknown);
    }
  });

  test('ends with its hour and not before', () => {
    const { desk, session } = fixture();
    desk.passMs(900_000 - 1);
    expect(desk.ask({ credentials: session }).ok).toBe(true);
    desk.passMs(1);
    expect(desk.ask({ credentials: session })).toMatchObject({ errorCode: 'ExpiredToken' });
  });

  test('dies with the role that it was made for, and no namesake revives it', () => {
    const { desk, session } = fixture();
    const renamed = desk.accounts.map((account) => ({
      ...account,
      roles: account.roles.map((role) => ({ ...role, roleId: 'AROAREGNFALLBBBBBBBBB' })),
    }));
    expect(createDesk({ accounts: renamed }).ask({ credentials: session })).toMatchObject(unknown);
  });

  test('is good in every Region of its partition, the issuing one having told nobody', () => {
    const { desk, session } = fixture();
    for (const region of ['us-east-1', 'eu-west-2']) {
      expect(desk.ask({ host: regionalHost(region), credentials: session }).ok).toBe(true);
    }
    // Another process with the same keys, which has never seen the session either.
    expect(createDesk().ask({ credentials: session }).ok).toBe(true);
  });
});
