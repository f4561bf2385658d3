import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credentials, Secret } from '../credentials.ts';
import { encodeForm } from '../query-protocol.ts';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import { canonicalRequest } from './canonical-request.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { signatureOf } from './signature.ts';
import { presign, signHeaders } from './signer.ts';
import { amzDateOf } from './string-to-sign.ts';
import { signatureMatches } from './verifier.ts';

const SECRET = 'wJalrXUtnFEMI';
const CREDENTIALS: Credentials = {
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: new Secret(SECRET),
  sessionToken: 'a/token+of=bytes',
};
const CONTEXT = { region: 'eu-west-1', service: 'sts', atMs: 1_440_938_160_000 } as const;
const BODY = encodeForm({ Action: 'GetCallerIdentity', Version: '2011-06-15' });
const UNSIGNED: HttpRequest = {
  method: 'POST',
  path: '/',
  query: '',
  headers: [
    ['host', 'sts.eu-west-1.amazonaws.com'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['x-amz-content-sha256', hash('sha256', BODY, 'hex')],
  ],
  body: BODY,
};
const SIGNED: HttpRequest = { ...UNSIGNED, headers: signHeaders(UNSIGNED, CREDENTIALS, CONTEXT) };

describe('the verifier', () => {
  it('accepts the request as it was signed', () => expect(accepts(SIGNED)).toBe(true));

  it('accepts a body given as bytes as well as text', () => {
    expect(accepts({ ...SIGNED, body: Buffer.from(BODY) })).toBe(true);
  });

  it('refuses a tampered body although the claimed content hash was kept', () => {
    expect(accepts({ ...SIGNED, body: BODY.replace('GetCallerIdentity', 'GetSessionToken') })).toBe(false);
  });

  it('refuses a body of another content than the claimed hash although the signature fits the body', () => {
    expect(
      accepts(
        signedAs({ contentHash: hash('sha256', 'other', 'hex'), payloadHash: hash('sha256', BODY, 'hex') }),
      ),
    ).toBe(false);
  });

  it('refuses a body of another content although the signature fits the claimed hash', () => {
    const other = hash('sha256', 'other', 'hex');
    expect(accepts(signedAs({ contentHash: other, payloadHash: other }))).toBe(false);
  });

  it('refuses UNSIGNED-PAYLOAD, however it was signed', () => {
    const real = hash('sha256', BODY, 'hex');
    expect(accepts(signedAs({ contentHash: 'UNSIGNED-PAYLOAD', payloadHash: 'UNSIGNED-PAYLOAD' }))).toBe(
      false,
    );
    expect(accepts(signedAs({ contentHash: 'UNSIGNED-PAYLOAD', payloadHash: real }))).toBe(false);
    expect(accepts(signedAs({ contentHash: real, payloadHash: 'UNSIGNED-PAYLOAD' }))).toBe(false);
    expect(accepts(signedAs({ contentHash: real, payloadHash: real }))).toBe(true);
  });

  it.each([
    ['method', { ...SIGNED, method: 'PUT' }],
    ['path', { ...SIGNED, path: '/other' }],
    ['query', { ...SIGNED, query: 'Action=AssumeRole' }],
    ['host', withHeader(SIGNED, 'host', 'sts.us-east-1.amazonaws.com')],
    ['date', withHeader(SIGNED, 'x-amz-date', '20150830T123601Z')],
    ['token', withHeader(SIGNED, 'x-amz-security-token', 'another')],
    ['content type', withHeader(SIGNED, 'content-type', 'text/plain')],
  ] as const)('refuses another %s', (_, request) => expect(accepts(request)).toBe(false));

  it('refuses a signed header that is gone', () => {
    expect(accepts({ ...SIGNED, headers: SIGNED.headers.filter(([name]) => name !== 'content-type') })).toBe(
      false,
    );
  });

  it('refuses an x-amz header that nobody signed, and lets any other pass', () => {
    expect(accepts({ ...SIGNED, headers: [...SIGNED.headers, ['x-amz-added', '1']] })).toBe(false);
    expect(accepts({ ...SIGNED, headers: [...SIGNED.headers, ['x-forwarded-for', '1']] })).toBe(true);
  });

  it('refuses a claim that leaves the host unsigned, even where the parser let it through', () => {
    const headers = [['x-amz-date', amzDateOf(CONTEXT.atMs)]] as const;
    const signedHeaders = ['x-amz-date'];
    const request = { ...UNSIGNED, headers };
    const canonical =
      canonicalRequest(request, { signedHeaders, payloadHash: hash('sha256', BODY, 'hex') }) ?? '';
    const claim = { ...claimOf(SIGNED), signedHeaders };
    const identity = { accessKeyId: claim.accessKeyId, secretAccessKey: SECRET };
    const signature = signatureOf(canonical, claim.amzDate, claim, identity);
    expect(signatureMatches(request, { ...claim, signature }, SECRET)).toBe(false);
  });

  it('refuses a scope other than the one that was signed', () => {
    const claim = claimOf(SIGNED);
    for (const change of [
      { date: '20150831' },
      { region: 'us-east-1' },
      { service: 'iam' },
      { terminator: 'aws5_request' },
    ]) {
      expect(signatureMatches(SIGNED, { ...claim, ...change }, SECRET)).toBe(false);
    }
  });

  it('refuses a signature with any one character changed, cut, lengthened or in capitals', () => {
    const claim = claimOf(SIGNED);
    fc.assert(
      fc.property(fc.nat(63), fc.constantFrom(...'0123456789abcdefABCDEF', 'é', '€'), (index, character) => {
        const { signature } = claim;
        const changed = signature.slice(0, index) + character + signature.slice(index + 1);
        return signatureMatches(SIGNED, { ...claim, signature: changed }, SECRET) === (changed === signature);
      }),
    );
    for (const signature of [
      '',
      claim.signature.slice(1),
      `${claim.signature}0`,
      claim.signature.toUpperCase(),
    ]) {
      expect(signatureMatches(SIGNED, { ...claim, signature }, SECRET)).toBe(false);
    }
  });

  it('refuses a query string with any parameter changed, added or taken away', () => {
    const unsigned = { method: 'GET', path: '/', query: BODY, headers: [['host', 'h']] as const, body: '' };
    const query = presign(unsigned, CREDENTIALS, { ...CONTEXT, expiresSeconds: 60 });
    expect(accepts({ ...unsigned, query })).toBe(true);
    expect(accepts({ ...unsigned, query: query.split('&').reverse().join('&') })).toBe(true);
    expect(accepts({ ...unsigned, query: `${query}&Extra=` })).toBe(false);
    expect(accepts({ ...unsigned, query: query.replace('X-Amz-Expires=60', 'X-Amz-Expires=61') })).toBe(
      false,
    );
    expect(accepts({ ...unsigned, query: `${query}&X-Amz-Signature=abc` })).toBe(false);
    expect(accepts({ ...unsigned, query: query.replace('Version=2011-06-15&', '') })).toBe(false);
  });

  it.each([
    ['with its signed hash', UNSIGNED.headers],
    ['without, since the signature covers the hash', UNSIGNED.headers.slice(0, 2)],
  ])('binds the body of a presigned POST %s', (_, headers) => {
    const unsigned = { ...UNSIGNED, headers };
    const query = presign(unsigned, CREDENTIALS, { ...CONTEXT, expiresSeconds: 60 });
    expect(accepts({ ...unsigned, query })).toBe(true);
    expect(accepts({ ...unsigned, query, body: 'Action=AssumeRole' })).toBe(false);
    expect(accepts(withHeader({ ...unsigned, query }, 'host', 'sts.amazonaws.com'))).toBe(false);
  });

  it('refuses a presigned POST whose signed hash says UNSIGNED-PAYLOAD', () => {
    const unsigned = withHeader(UNSIGNED, 'x-amz-content-sha256', 'UNSIGNED-PAYLOAD');
    const query = presign(unsigned, CREDENTIALS, { ...CONTEXT, expiresSeconds: 60 });
    expect(accepts({ ...unsigned, query })).toBe(false);
  });

  it('refuses a signature in the query beside the one in the header', () => {
    expect(accepts({ ...SIGNED, query: 'X-Amz-Signature=abc' })).toBe(false);
  });

  it('goes on verifying when more keys are in use than it keeps', () => {
    for (let index = 0; index < 20_000; index += 1) {
      signatureMatches(SIGNED, { ...claimOf(SIGNED), accessKeyId: `ASIA${index}` }, SECRET);
    }
    expect(accepts(SIGNED)).toBe(true);
  });
});

function accepts(request: HttpRequest): boolean {
  return signatureMatches(request, claimOf(request), SECRET);
}

function claimOf(request: HttpRequest): SignatureClaim {
  const claim = parseAuthorization(request);
  if (claim.kind !== 'header' && claim.kind !== 'query') throw new Error(`read as ${claim.kind}`);
  return claim;
}

function withHeader(request: HttpRequest, name: string, value: string): HttpRequest {
  return { ...request, headers: request.headers.map((entry) => (entry[0] === name ? [name, value] : entry)) };
}

/** A request whose sender signed one payload hash and claims another in its header. */
function signedAs({ contentHash, payloadHash }: { contentHash: string; payloadHash: string }): HttpRequest {
  const amzDate = amzDateOf(CONTEXT.atMs);
  const request: HttpRequest = {
    ...UNSIGNED,
    headers: [
      ['host', 'sts.eu-west-1.amazonaws.com'],
      ['x-amz-content-sha256', contentHash],
      ['x-amz-date', amzDate],
    ],
  };
  const signedHeaders = ['host', 'x-amz-content-sha256', 'x-amz-date'];
  const canonical = canonicalRequest(request, { signedHeaders, payloadHash }) ?? '';
  const scope = { date: amzDate.slice(0, 8), region: 'eu-west-1', service: 'sts' };
  const signature = signatureOf(canonical, amzDate, scope, {
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: SECRET,
  });
  const credential = `ASIAEXAMPLE/${scope.date}/eu-west-1/sts/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  expect(headerOf(request, 'x-amz-content-sha256')).toBe(contentHash);
  return { ...request, headers: [...request.headers, ['authorization', authorization]] };
}
