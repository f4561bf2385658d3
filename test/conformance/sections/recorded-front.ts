/** The front: what real STS was seen to answer before anyone asks who sent a request, and the headers of every answer. */

import assert from 'node:assert/strict';
import { STS_VERSION } from '../../../lib/aws/query-protocol.ts';
import { calling, errorXml, type Parameters } from '../answers.ts';
import { createFront, FORM, type Front, failed, identified } from '../front.ts';
import { type Section, tally } from '../ledger.ts';
import { type Message, openRealService, type RawAnswer } from '../real-service.ts';

export const recordedFront: Section = {
  title: 'The front, over TLS',
  behaviours: async (scope) => {
    const front = createFront(await openRealService(scope));
    return [
      {
        id: 'front.dispatch',
        behaviour: 'requests that name no action are answered as real STS answers them, before any signature',
        source: PROBE,
        status: 'recorded',
        check: () => tally(DISPATCH, ({ message, check }) => front.sends(message, check)),
        atLeast: 20,
      },
      {
        id: 'front.limits',
        behaviour: 'what is too large or unreadable is 413 or 400 without a body and without request ids',
        source: PROBE,
        status: 'recorded',
        check: () => tally(LIMITS, ({ message, check }) => front.sends(message(), check)),
        atLeast: 8,
      },
      {
        id: 'front.cut-off-head',
        behaviour: 'a request head longer than 16 KB is cut off with 400 and nothing else',
        source: PROBE,
        status: 'recorded',
        check: () => front.cutsLongHead(),
      },
      {
        id: 'front.headers',
        behaviour: 'answers and errors of the service carry request id, type, length and date, as recorded',
        source: `${PROBE}; smithy-lang/smithy-rs, recorded traffic`,
        status: 'recorded',
        check: () => tally(SERVED, ({ parameters }) => front.checksHeaders(parameters)),
        atLeast: 4,
      },
      {
        id: 'front.forms',
        behaviour:
          'POST and GET, signed in the header or presigned, of duplicates the first, unknown ones unseen',
        source: PROBE,
        status: 'recorded',
        check: () => tally(FORMS, ({ send }) => send(front)),
        atLeast: 9,
      },
      {
        id: 'front.json',
        behaviour: 'Accept: application/json is answered in JSON, success and error',
        source: 'double-break/spapi-php issue 45; localstack/localstack',
        status: 'recorded',
        check: () => tally(JSON_FORMS, ({ send }) => send(front)),
        atLeast: 3,
      },
      {
        id: 'front.recorded-length',
        behaviour: 'the one error whose length is on record has that length: 390 bytes',
        source: 'awslabs/aws-sdk-rust issue 827',
        status: 'recorded',
        check: () => {
          const message =
            "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";
          const xml = errorXml({ status: 400, code: 'InvalidIdentityToken', message });
          assert.equal(Buffer.byteLength(xml), 390);
        },
      },
    ];
  },
};

const PROBE = 'probes of the real regional endpoint, July 2026';

type Check = (answer: RawAnswer) => void;

const WHO_AM_I = `Action=GetCallerIdentity&Version=${STS_VERSION}`;

const redirected =
  (query = ''): Check =>
  (answer) => {
    assert.deepEqual([answer.status, answer.body], [302, '']);
    assert.equal(answer.headers['location'], `https://aws.amazon.com/iam${query}`);
    identified(answer);
  };

const unknown =
  (action: string, version: string): Check =>
  (answer) =>
    failed(answer, {
      status: 400,
      code: 'InvalidAction',
      message: `Could not find operation ${action} for version ${version}`,
      namespace: 'fault',
    });

const unsigned: Check = (answer) =>
  failed(answer, {
    status: 403,
    code: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
  });

const lost: Check = (answer) => {
  assert.deepEqual([answer.status, answer.body.trim()], [404, '<UnknownOperationException/>']);
};

const anonymous =
  (status: number): Check =>
  ({ status: got, body, headers }) => {
    assert.deepEqual([got, body], [status, '']);
    assert.equal(headers['x-amzn-requestid'], undefined);
    assert.equal(headers['x-amz-sts-extended-request-id'], undefined);
  };

const preflight: Check = ({ status, body, headers }) => {
  assert.deepEqual([status, body], [200, '']);
  assert.equal(headers['access-control-allow-origin'], '*');
  assert.equal(headers['access-control-max-age'], '172800');
};

const post = (body: string, headers: Record<string, string> = FORM): Message => ({
  method: 'POST',
  headers,
  body,
});
const get = (path: string): Message => ({ method: 'GET', path });

const DISPATCH: readonly { readonly name: string; readonly message: Message; readonly check: Check }[] = [
  { name: 'GET without anything', message: get('/'), check: redirected() },
  { name: 'GET keeps its query in the redirect', message: get('/?a=b&c'), check: redirected('?a=b&c') },
  { name: 'POST of an empty form', message: post(''), check: redirected() },
  { name: 'POST of a form without Action', message: post(`Version=${STS_VERSION}`), check: redirected() },
  { name: 'POST without a type', message: post(WHO_AM_I, {}), check: redirected() },
  { name: 'POST of JSON', message: post('{}', { 'content-type': 'application/json' }), check: redirected() },
  { name: 'POST of text', message: post(WHO_AM_I, { 'content-type': 'text/plain' }), check: redirected() },
  {
    name: 'a POST does not take its action from the query',
    message: { ...post(''), path: `/?${WHO_AM_I}` },
    check: redirected(),
  },
  {
    name: 'a form with a charset is a form',
    message: post(WHO_AM_I, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }),
    check: unsigned,
  },
  { name: 'GET with the action in its query', message: get(`/?${WHO_AM_I}`), check: unsigned },
  { name: 'POST with the action in its body', message: post(WHO_AM_I), check: unsigned },
  {
    name: 'an action that is not there',
    message: post(`Action=NoSuchAction&Version=${STS_VERSION}`),
    check: unknown('NoSuchAction', STS_VERSION),
  },
  {
    name: 'an action in the wrong case',
    message: post(`Action=getCallerIdentity&Version=${STS_VERSION}`),
    check: unknown('getCallerIdentity', STS_VERSION),
  },
  {
    name: 'no version',
    message: post('Action=GetCallerIdentity'),
    check: unknown('GetCallerIdentity', 'NO_VERSION_SPECIFIED'),
  },
  {
    name: 'another version',
    message: post('Action=GetCallerIdentity&Version=2010-05-08'),
    check: unknown('GetCallerIdentity', '2010-05-08'),
  },
  {
    name: 'an unknown action by GET',
    message: get(`/?Action=%3CNope%26%3E&Version=${STS_VERSION}`),
    check: unknown('<Nope&>', STS_VERSION),
  },
  { name: 'another path', message: get(`/sts?${WHO_AM_I}`), check: lost },
  { name: 'another path by POST', message: { ...post(WHO_AM_I), path: '/index.html' }, check: lost },
  { name: 'two slashes', message: { ...post(WHO_AM_I), path: '//' }, check: lost },
  { name: 'OPTIONS', message: { method: 'OPTIONS' }, check: preflight },
];

const LIMITS: readonly { readonly name: string; readonly message: () => Message; readonly check: Check }[] = [
  {
    name: 'a form of 10,000,000 bytes is read',
    message: () => post(`${WHO_AM_I}&x=`.padEnd(10_000_000, 'x')),
    check: unsigned,
  },
  {
    name: 'a form of one byte more is not',
    message: () => post(`${WHO_AM_I}&x=`.padEnd(10_000_001, 'x')),
    check: anonymous(413),
  },
  ...['%', '%1', '%zz', '%ff', '%c3%28'].map((broken) => ({
    name: `the escape ${broken} in a form`,
    message: () => post(`${WHO_AM_I}&x=${broken}`),
    check: anonymous(400),
  })),
  {
    name: 'a bad escape in a query',
    message: () => get(`/?${WHO_AM_I}&x=%zz`),
    check: anonymous(400),
  },
  {
    name: 'a query of 15,500 bytes reaches authentication',
    message: () => get(`/?${WHO_AM_I}&x=`.padEnd(15_500, 'x')),
    check: unsigned,
  },
];

const SERVED: readonly { readonly name: string; readonly parameters: Parameters }[] = [
  { name: 'success', parameters: calling('GetCallerIdentity') },
  { name: 'credentials', parameters: calling('GetSessionToken') },
  { name: 'a validation error', parameters: calling('AssumeRole') },
  { name: 'an unknown action', parameters: calling('NoSuchAction') },
];

interface Form {
  readonly name: string;
  readonly send: (front: Front) => Promise<void>;
}

const FORMS: readonly Form[] = [
  { name: 'a signed POST', send: (front) => front.isApp({ body: WHO_AM_I }) },
  { name: 'a signed GET', send: (front) => front.isApp({ query: WHO_AM_I }) },
  { name: 'a presigned GET', send: (front) => front.isApp({ query: WHO_AM_I, presigned: true }) },
  {
    name: 'of two Actions the first',
    send: (front) => front.isApp({ body: `${WHO_AM_I}&Action=NoSuchAction` }),
  },
  {
    name: 'of two Versions the first',
    send: (front) => front.isApp({ query: `${WHO_AM_I}&Version=2010-05-08` }),
  },
  {
    name: 'of two bad values the first is named',
    send: (front) =>
      front.fails(
        { body: `Action=GetSessionToken&Version=${STS_VERSION}&DurationSeconds=899&DurationSeconds=900` },
        {
          status: 400,
          code: 'ValidationError',
          message:
            "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
        },
      ),
  },
  {
    name: 'parameters that no action has',
    send: (front) => front.isApp({ body: `${WHO_AM_I}&Nonsense=1&RoleArn=x&Tags.member.1.Key=%21` }),
  },
  { name: 'a plus is a space', send: (front) => front.isApp({ body: `${WHO_AM_I}&x=a+b` }) },
  { name: 'an empty pair', send: (front) => front.isApp({ body: `&&${WHO_AM_I}&=&` }) },
];

const JSON_FORMS: readonly Form[] = [
  {
    name: 'an error',
    send: async (front) => {
      const answer = await front.ask({ body: 'Action=AssumeRole&Version=2011-06-15' }, ACCEPT_JSON);
      const { Error: error, RequestId } = JSON.parse(answer.body);
      assert.deepEqual(Object.keys(error).sort(), ['Code', 'Message', 'Type']);
      assert.deepEqual([answer.status, error.Code, error.Type], [400, 'ValidationError', 'Sender']);
      assert.equal(RequestId, answer.headers['x-amzn-requestid']);
      assert.equal(answer.headers['content-type'], 'application/json');
    },
  },
  {
    name: 'an identity',
    send: async (front) => {
      const answer = await front.ask({ body: WHO_AM_I }, ACCEPT_JSON);
      const { GetCallerIdentityResponse: response } = JSON.parse(answer.body);
      assert.deepEqual(Object.keys(response), ['GetCallerIdentityResult', 'ResponseMetadata']);
      assert.equal(response.GetCallerIdentityResult.Arn, front.appArn);
      assert.equal(response.ResponseMetadata.RequestId, answer.headers['x-amzn-requestid']);
    },
  },
  {
    name: 'credentials, whose Expiration is a number of seconds',
    send: async (front) => {
      const answer = await front.ask({ body: `Action=GetSessionToken&Version=${STS_VERSION}` }, ACCEPT_JSON);
      const { Credentials } = JSON.parse(answer.body).GetSessionTokenResponse.GetSessionTokenResult;
      const sentSeconds = Date.parse(String(answer.headers['date'])) / 1_000;
      assert.equal(Credentials.Expiration, sentSeconds + 43_200);
    },
  },
];

const ACCEPT_JSON = { accept: 'application/json' };
