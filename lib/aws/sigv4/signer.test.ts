import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credentials, Secret } from '../credentials.ts';
import { encodeForm, uriEncode } from '../query-protocol.ts';
import { parseAuthorization } from './authorization.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { presign, signHeaders } from './signer.ts';
import { NodeSha256 } from './smithy.fixture.ts';
import { signatureMatches } from './verifier.ts';

const CREDENTIALS: Credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('not/a+secret') };

/** A wide range of dates, both sides of a day's end included, to the second as signatures have them. */
const atMs = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }).map((second) => second * 1_000);
const text = fc.string({ unit: 'binary', maxLength: 24 }).map((value) => value.toWellFormed());
const region = fc.constantFrom('us-east-1', 'eu-west-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1');
const headerName = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter(isOrdinaryHeader);
const headerValue = fc.stringMatching(/^[ -~\t\u00a0-\u00ff]{0,30}$/);

const samples = fc.record({
  accessKeyId: fc.stringMatching(/^A[A-Z2-7]{19}$/),
  secret: fc.string({ minLength: 1, maxLength: 40 }),
  sessionToken: fc.option(fc.base64String({ minLength: 4, maxLength: 200 }), { nil: undefined }),
  region,
  atMs,
  method: fc.constantFrom('GET', 'POST'),
  segments: fc.array(fc.oneof(text, fc.constantFrom('', '.', '..', '%2F', 'a b')), { maxLength: 4 }),
  query: fc.uniqueArray(
    fc.tuple(text.filter(isOrdinaryName), fc.array(text, { minLength: 1, maxLength: 2 })),
    {
      maxLength: 4,
      selector: ([name]) => name,
    },
  ),
  headers: fc.dictionary(headerName, headerValue, { maxKeys: 4, noNullPrototype: true }),
  body: fc.oneof(text, fc.uint8Array({ maxLength: 40 })),
});

type Sample = typeof samples extends fc.Arbitrary<infer Value> ? Value : never;

describe('the signer', () => {
  it('puts the same signature in the header as @smithy/signature-v4', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const { request, credentials, context, path, query } = parts(sample);
        const official = await officialSigner(sample).sign(
          { ...officialRequest(sample), path, query },
          { signingDate: new Date(sample.atMs) },
        );
        const headers = signHeaders(request, credentials, context);
        expect(headerOf({ ...request, headers }, 'authorization')).toBe(official.headers['authorization']);
        expect(headerOf({ ...request, headers }, 'x-amz-date')).toBe(official.headers['x-amz-date']);
      }),
      { numRuns: 200 },
    );
  });

  it('puts the same signature in the query string as @smithy/signature-v4', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const { request, credentials, context, path, query } = parts(sample);
        const official = await officialSigner(sample).presign(
          { ...officialRequest(sample), path, query },
          { signingDate: new Date(sample.atMs), expiresIn: 60 },
        );
        const signed = new URLSearchParams(presign(request, credentials, { ...context, expiresSeconds: 60 }));
        for (const name of [
          'X-Amz-Signature',
          'X-Amz-SignedHeaders',
          'X-Amz-Credential',
          'X-Amz-Security-Token',
        ]) {
          expect(signed.get(name) ?? undefined).toBe(official.query?.[name]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('makes what the verifier accepts, in both forms', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const { request, credentials, context } = parts(sample);
        const inHeader = { ...request, headers: signHeaders(request, credentials, context) };
        const inQuery = {
          ...request,
          query: presign(request, credentials, { ...context, expiresSeconds: 60 }),
        };
        for (const signed of [inHeader, inQuery]) {
          const claim = parseAuthorization(signed);
          if (claim.kind !== 'header' && claim.kind !== 'query') throw new Error(`read as ${claim.kind}`);
          expect(claim).toMatchObject({
            accessKeyId: sample.accessKeyId,
            region: sample.region,
            service: 'sts',
          });
          expect(claim.securityToken).toBe(sample.sessionToken ?? '');
          expect(signatureMatches(signed, claim, sample.secret)).toBe(true);
          expect(signatureMatches(signed, claim, `${sample.secret}.`)).toBe(false);
        }
      }),
    );
  });

  it('replaces a date, a token and a signature of before', () => {
    const context = { region: 'eu-west-1', service: 'sts', atMs: 0 } as const;
    const stale = [
      ['host', 'sts.eu-west-1.amazonaws.com'],
      ['x-amz-date', '19990101T000000Z'],
      ['x-amz-security-token', 'old'],
      ['x-amz-region-set', 'old'],
      ['authorization', 'old'],
    ] as const;
    const request = { method: 'POST', path: '/', query: '', headers: stale, body: '' };
    const names = signHeaders(request, CREDENTIALS, context).map(([name]) => name);
    expect(names).toEqual(['host', 'x-amz-date', 'authorization']);
    expect(headerOf({ ...request, headers: signHeaders(request, CREDENTIALS, context) }, 'x-amz-date')).toBe(
      '19700101T000000Z',
    );
  });

  it('leaves headers unsigned that change on the way', () => {
    const headers = [
      ['host', 'sts.amazonaws.com'],
      ['user-agent', 'regionfall'],
      ['connection', 'keep-alive'],
      ['proxy-authorization', 'x'],
    ] as const;
    const request = { method: 'GET', path: '/', query: '', headers, body: '' };
    const context = { region: 'us-east-1', service: 'sts', atMs: 0 } as const;
    const signed = { ...request, headers: signHeaders(request, CREDENTIALS, context) };
    expect(headerOf(signed, 'authorization')).toContain('SignedHeaders=host;x-amz-date,');
    expect(headerOf(signed, 'user-agent')).toBe('regionfall');
  });

  it('refuses a request without a host', () => {
    const request = { method: 'POST', path: '/', query: '', headers: [], body: '' };
    const context = { region: 'us-east-1', service: 'sts', atMs: 0 } as const;
    expect(() => signHeaders(request, CREDENTIALS, context)).toThrow('without a host header');
  });

  it('never prints the secret', () => {
    const request: HttpRequest = {
      method: 'POST',
      path: '/',
      query: '',
      headers: [['host', 'h']],
      body: encodeForm({}),
    };
    const context = { region: 'us-east-1', service: 'sts', atMs: 0 } as const;
    const printed = JSON.stringify([signHeaders(request, CREDENTIALS, context), CREDENTIALS]);
    expect(printed).not.toContain('not/a+secret');
  });
});

function isOrdinaryHeader(name: string): boolean {
  // `date` is rewritten by the official signer, `x-amz-` headers move into its query strings, `host` is ours.
  return !/^(date|host|x-amz-.*|content-length)$/.test(name);
}

/** The official signer keeps its query in a plain object, which loses this name. */
function isOrdinaryName(name: string): boolean {
  return name !== '__proto__';
}

function parts(sample: Sample) {
  const credentials: Credentials = {
    accessKeyId: sample.accessKeyId,
    secretAccessKey: new Secret(sample.secret),
    ...(sample.sessionToken === undefined ? {} : { sessionToken: sample.sessionToken }),
  };
  const path = `/${sample.segments.map((segment) => uriEncode(segment)).join('/')}`;
  const query = Object.fromEntries(sample.query);
  const request: HttpRequest = {
    method: sample.method,
    path,
    query: sample.query
      .flatMap(([name, values]) => values.map((value) => `${uriEncode(name)}=${uriEncode(value)}`))
      .join('&'),
    headers: Object.entries({ ...sample.headers, host: 'sts.eu-west-1.amazonaws.com' }),
    body: sample.body,
  };
  const context = { region: sample.region, service: 'sts', atMs: sample.atMs } as const;
  return { credentials, request, context, path, query };
}

function officialRequest(sample: Sample) {
  return {
    method: sample.method,
    protocol: 'https:',
    hostname: 'sts.eu-west-1.amazonaws.com',
    headers: { ...sample.headers, host: 'sts.eu-west-1.amazonaws.com' },
    body: sample.body,
  };
}

function officialSigner(sample: Sample): SignatureV4 {
  return new SignatureV4({
    credentials: {
      accessKeyId: sample.accessKeyId,
      secretAccessKey: sample.secret,
      ...(sample.sessionToken === undefined ? {} : { sessionToken: sample.sessionToken }),
    },
    region: sample.region,
    service: 'sts',
    sha256: NodeSha256,
    applyChecksum: false,
  });
}
