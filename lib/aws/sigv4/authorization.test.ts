import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amzDateMs, parseAuthorization } from './authorization.ts';
import type { HttpRequest } from './http-request.ts';
import { amzDateOf } from './string-to-sign.ts';

const CREDENTIAL = 'AKIDEXAMPLE/20150830/us-east-1/sts/aws4_request';
const COMPLETE = `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc`;
const DATE = '20150830T123600Z';

describe('an Authorization header', () => {
  it('is read into its parts', () => {
    expect(parseHeader(COMPLETE, [['x-amz-security-token', 'token']])).toEqual({
      kind: 'header',
      algorithm: 'v4',
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: 'us-east-1',
      service: 'sts',
      terminator: 'aws4_request',
      signedHeaders: ['host', 'x-amz-date'],
      signature: 'abc',
      amzDate: DATE,
      securityToken: 'token',
      regionSet: '',
    });
  });

  it.each([
    ['no spaces after commas', COMPLETE.replaceAll(', ', ',')],
    ['commas left out', COMPLETE.replaceAll(', ', '  ')],
    [
      'another order',
      `AWS4-HMAC-SHA256 Signature=abc, SignedHeaders=X-Amz-Date;Host, Credential=${CREDENTIAL}`,
    ],
    ['slashes after the credential', COMPLETE.replace('aws4_request', 'aws4_request//')],
  ])('is read alike with %s', (_, header) => expect(parseHeader(header)).toEqual(parseHeader(COMPLETE)));

  it('may come with the date in a Date header of basic format', () => {
    expect(
      parseAuthorization(
        request([
          ['authorization', COMPLETE],
          ['date', DATE],
        ]),
      ),
    ).toMatchObject({ amzDate: DATE });
  });

  it.each(['Bearer abc', 'Basic YTpi', 'AWS AKID:signature', ''])(
    "is no signature when it is '%s'",
    (header) => {
      expect(parseHeader(header)).toEqual({ kind: 'none' });
    },
  );

  it('is none when absent', () => expect(parseAuthorization(request([]))).toEqual({ kind: 'none' }));

  it.each([
    [
      'AWS4-HMAC-SHA256',
      `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256`,
    ],
    [
      `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, Signature=`,
      `Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, Signature=`,
    ],
    [
      `AWS4-HMAC-SHA256 Credential= ${CREDENTIAL}, SignedHeaders=host, Signature=abc`,
      `'${CREDENTIAL}' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 Credential= ${CREDENTIAL}, SignedHeaders=host, Signature=abc'.`,
    ],
    [
      COMPLETE.replace(CREDENTIAL, 'AKID/EXAMPLE/20150830/us-east-1/sts/aws4_request'),
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKID/EXAMPLE/20150830/us-east-1/sts/aws4_request'",
    ],
    [
      COMPLETE.replace('SHA256', 'SHA25'),
      "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA25' (only AWS4-HMAC-SHA256 for now). ",
    ],
  ])('that says %s is an incomplete signature', (header, message) => {
    expect(parseHeader(header)).toMatchObject({
      kind: 'malformed',
      status: 400,
      code: 'IncompleteSignature',
      message,
    });
  });

  it('needs a date', () => {
    expect(parseAuthorization(request([['authorization', COMPLETE]]))).toMatchObject({
      status: 400,
      code: 'IncompleteSignature',
      message: `Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=${COMPLETE}`,
    });
  });

  it.each(['2015-08-30T12:36:00Z', 'Sun, 30 Aug 2015 12:36:00 GMT', '20150830T123600', '20150830'])(
    "does not take '%s' for a date",
    (date) => {
      expect(
        parseAuthorization(
          request([
            ['authorization', COMPLETE],
            ['x-amz-date', date],
          ]),
        ),
      ).toMatchObject({
        code: 'IncompleteSignature',
        message: `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      });
    },
  );

  it('must sign the host', () => {
    expect(parseHeader(COMPLETE.replace('host;', ''))).toEqual({
      kind: 'malformed',
      status: 403,
      code: 'SignatureDoesNotMatch',
      message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      amzDate: DATE,
    });
  });

  it.each([
    ['the signed headers', COMPLETE.replace('host;', '')],
    ['the algorithm', COMPLETE.replace('SHA256', 'SHA25')],
    ['the credential', COMPLETE.replace('/aws4_request', '')],
  ])('that fails at %s brings its date, so that the clock can be judged first', (_, header) => {
    expect(parseHeader(header)).toMatchObject({ kind: 'malformed', amzDate: DATE });
  });

  it('that fails before its date was read brings none', () => {
    expect(parseHeader(COMPLETE.replace('Signature', 'Sign'))).not.toHaveProperty('amzDate');
  });

  it('that is empty leaves the word to the query string', () => {
    const query = { ...request([['authorization', '']]), query: queryOf({}) };
    expect(parseAuthorization(query)).toMatchObject({ kind: 'query' });
  });

  it('excludes a signature in the query string', () => {
    const both = {
      ...request([
        ['authorization', COMPLETE],
        ['x-amz-date', DATE],
      ]),
      query: queryOf({}),
    };
    expect(parseAuthorization(both)).toMatchObject({
      status: 403,
      message: "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    });
  });
});

describe('a signed query string', () => {
  it('is read into its parts', () => {
    expect(parseQuery({ 'X-Amz-Security-Token': 'a%2Fb' })).toEqual({
      kind: 'query',
      algorithm: 'v4',
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: 'us-east-1',
      service: 'sts',
      terminator: 'aws4_request',
      signedHeaders: ['host'],
      signature: 'abc',
      amzDate: DATE,
      securityToken: 'a/b',
      regionSet: '',
    });
  });

  it.each(['Note=X-Amz-Algorithm', 'X-Amz-Signature=abc&X-Amz-Credential=a', 'x-amz-algorithm=a'])(
    'is none without the parameter that names the algorithm: %s',
    (query) => expect(parseAuthorization({ ...request([]), query })).toEqual({ kind: 'none' }),
  );

  it('names all parameters that it lacks', () => {
    expect(parseQuery({ 'X-Amz-Algorithm': '', 'X-Amz-Date': '' })).toEqual({
      kind: 'malformed',
      status: 400,
      code: 'IncompleteSignature',
      message:
        "AWS query-string parameters must include 'X-Amz-Algorithm'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
    });
  });

  it('is malformed with a broken escape', () => {
    expect(parseQuery({ 'X-Amz-Signature': '%G0' })).toMatchObject({
      status: 404,
      code: 'MalformedQueryString',
    });
  });
});

describe('a signature of Version 4A', () => {
  const V4A = COMPLETE.replace('HMAC', 'ECDSA-P256').replace('/us-east-1', '');

  it('names no Region in its credential, and its Regions in a header', () => {
    const headers = [
      ['x-amz-region-set', 'us-east-1,eu-*'],
      ['x-amz-region-set', 'af-south-1'],
    ] as const;
    expect(parseHeader(V4A, headers)).toEqual({
      kind: 'header',
      algorithm: 'v4a',
      accessKeyId: 'AKIDEXAMPLE',
      date: '20150830',
      region: '',
      service: 'sts',
      terminator: 'aws4_request',
      signedHeaders: ['host', 'x-amz-date'],
      signature: 'abc',
      amzDate: DATE,
      securityToken: '',
      regionSet: 'us-east-1,eu-*,af-south-1',
    });
  });

  it('or in a parameter, and nowhere else', () => {
    const changes = {
      'X-Amz-Algorithm': 'AWS4-ECDSA-P256-SHA256',
      'X-Amz-Credential': 'AKIDEXAMPLE%2F20150830%2Fsts%2Faws4_request',
    };
    expect(parseQuery({ ...changes, 'X-Amz-Region-Set': 'eu-%2A%2Cus-east-1' })).toMatchObject({
      algorithm: 'v4a',
      regionSet: 'eu-*,us-east-1',
    });
    expect(parseQuery(changes)).toMatchObject({ algorithm: 'v4a', regionSet: '' });
    expect(parseHeader(V4A)).toMatchObject({ algorithm: 'v4a', regionSet: '' });
  });

  it('is incomplete with a Region in its credential', () => {
    expect(parseHeader(V4A.replace('/sts', '/us-east-1/sts'))).toMatchObject({
      code: 'IncompleteSignature',
      message: `Credential must have exactly 4 slash-delimited elements, e.g. keyid/date/service/term, got '${CREDENTIAL}'`,
    });
  });

  it('has no Regions in Version 4', () => {
    expect(parseHeader(COMPLETE, [['x-amz-region-set', '*']])).toMatchObject({ regionSet: '' });
    expect(parseQuery({ 'X-Amz-Region-Set': '%2A' })).toMatchObject({ regionSet: '' });
  });
});

it('whatever the text, reading it gives an answer', () => {
  const anything = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(anything, anything, anything, (first, second, third) => {
      const header = parseHeader(`AWS4-${first}Credential=${second}, Signature=a, SignedHeaders=${third}`);
      const query = parseQuery({ 'X-Amz-Credential': first, 'X-Amz-SignedHeaders': second, [third]: first });
      return header.kind !== 'none' && query.kind !== 'none';
    }),
  );
});

describe('a date in basic format', () => {
  it('keeps whole seconds both ways', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 250_000_000_000_000 }), (atMs) => {
        return amzDateMs(amzDateOf(atMs)) === atMs - (atMs % 1_000);
      }),
    );
  });

  it('is no number when no calendar has it', () => {
    expect(amzDateMs('20151330T123600Z')).toBeNaN();
    expect(amzDateMs('2015-08-30T12:36:00Z')).toBeNaN();
  });
});

function request(headers: HttpRequest['headers']): HttpRequest {
  return { method: 'POST', path: '/', query: '', headers, body: '' };
}

function parseHeader(header: string, more: HttpRequest['headers'] = []) {
  return parseAuthorization(request([['authorization', header], ['x-amz-date', DATE], ...more]));
}

function parseQuery(changes: Readonly<Record<string, string>>) {
  return parseAuthorization({ ...request([]), method: 'GET', query: queryOf(changes) });
}

function queryOf(changes: Readonly<Record<string, string>>): string {
  const parameters = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': CREDENTIAL.replaceAll('/', '%2F'),
    'X-Amz-Date': DATE,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'abc',
    ...changes,
  };
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
