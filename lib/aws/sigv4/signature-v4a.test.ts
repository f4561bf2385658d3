import { createECDH, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { SignatureV4a } from '@smithy/signature-v4a';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Credentials, Secret } from '../credentials.ts';
import { uriEncode } from '../query-protocol.ts';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import { canonicalRequest, payloadHashOf } from './canonical-request.ts';
import { type HttpRequest, headerOf } from './http-request.ts';
import { claimCoversRegion } from './region-set.ts';
import { deriveScalarV4a, stringToSignV4a } from './signature-v4a.ts';
import { presign, signHeaders } from './signer.ts';
import { NodeSha256 } from './smithy.fixture.ts';
import { signatureMatches } from './verifier.ts';

const samples = fc.record({
  accessKeyId: fc.stringMatching(/^A[A-Z2-7]{19}$/),
  secret: fc.stringMatching(/^[!-~]{1,80}$/),
  sessionToken: fc.option(fc.base64String({ minLength: 4, maxLength: 200 }), { nil: undefined }),
  regionSet: fc.constantFrom('*', 'us-east-1', 'eu-west-1,us-*', 'eu-*'),
  atMs: fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }).map((second) => second * 1_000),
  method: fc.constantFrom('GET', 'POST'),
  query: fc.dictionary(fc.stringMatching(/^[A-Za-z ]{1,9}$/), fc.string({ maxLength: 9 }), {
    maxKeys: 3,
    noNullPrototype: true,
  }),
  body: fc.oneof(fc.string({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 })),
});

type Sample = typeof samples extends fc.Arbitrary<infer Value> ? Value : never;

describe('Signature Version 4A', () => {
  it('derives the key that @smithy/signature-v4a derives', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const { signer, derived } = official(sample);
        await signer.sign(officialRequest(sample), { signingDate: new Date(sample.atMs) });
        expect(deriveScalarV4a(identityOf(sample))).toEqual(Buffer.from(derived()));
      }),
      { numRuns: 50 },
    );
  });

  it('accepts what @smithy/signature-v4a signs, and not with another secret', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const signed = await official(sample).signer.sign(officialRequest(sample), {
          signingDate: new Date(sample.atMs),
        });
        const request = { ...plainRequest(sample), headers: Object.entries<string>(signed.headers) };
        const claim = claimOf(request);
        expect(claim).toMatchObject({ algorithm: 'v4a', regionSet: sample.regionSet, service: 'sts' });
        expect(signatureMatches(request, claim, sample.secret)).toBe(true);
        expect(signatureMatches(request, claim, `${sample.secret}.`)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('makes, in both forms, what a plain ECDSA check of their key and our verifier accept', async () => {
    await fc.assert(
      fc.asyncProperty(samples, async (sample) => {
        const { signer, derived } = official(sample);
        await signer.sign(officialRequest(sample), { signingDate: new Date(sample.atMs) });
        const publicKey = publicKeyOf(derived());
        for (const request of bothForms(sample)) {
          const claim = claimOf(request);
          const payloadHash = payloadHashOf(request.body);
          const canonical = canonicalRequest(request, { signedHeaders: claim.signedHeaders, payloadHash });
          const text = Buffer.from(stringToSignV4a(canonical ?? '', claim.amzDate, claim));
          expect(verify('sha256', text, publicKey, Buffer.from(claim.signature, 'hex'))).toBe(true);
          expect(signatureMatches(request, claim, sample.secret)).toBe(true);
          expect(claimCoversRegion(claim, 'us-east-1')).toBe(sample.regionSet !== 'eu-*');
        }
      }),
      { numRuns: 50 },
    );
  });

  it('signs the Regions: no other set passes', () => {
    const [inHeader, inQuery] = bothForms(FIXED);
    const headers = inHeader.headers.map(([name, value]) =>
      name === 'x-amz-region-set' ? ([name, '*'] as const) : ([name, value] as const),
    );
    expect(accepts({ ...inHeader, headers })).toBe(false);
    expect(accepts({ ...inQuery, query: inQuery.query.replace('Set=us-east-1', 'Set=%2A') })).toBe(false);
    expect(accepts({ ...inQuery, query: `${inQuery.query}&X-Amz-Region-Set=%2A` })).toBe(false);
    expect(accepts({ ...inQuery, headers: [...inQuery.headers, ['x-amz-region-set', '*']] })).toBe(false);
    expect([inHeader, inQuery].map(accepts)).toEqual([true, true]);
  });

  it('refuses a signature with any one character changed, cut, lengthened or in capitals', () => {
    const [request] = bothForms(FIXED);
    const claim = claimOf(request);
    const { signature } = claim;
    fc.assert(
      fc.property(
        fc.nat(signature.length - 1),
        fc.constantFrom(...'0123456789abcdefABCDEF€'),
        (at, letter) => {
          const changed = signature.slice(0, at) + letter + signature.slice(at + 1);
          const matches = signatureMatches(request, { ...claim, signature: changed }, FIXED.secret);
          return matches === (changed === signature);
        },
      ),
    );
    for (const other of ['', signature.slice(2), `${signature}00`, signature.toUpperCase(), 'x'.repeat(64)]) {
      expect(signatureMatches(request, { ...claim, signature: other }, FIXED.secret)).toBe(false);
    }
  });

  it('gives an answer whatever stands for the signature', () => {
    const [request] = bothForms(FIXED);
    const claim = claimOf(request);
    const hexadecimal = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    const signature = fc.oneof(
      fc.string({ unit: 'binary' }),
      hexadecimal,
      hexadecimal.map((text) => `30${text}`),
    );
    fc.assert(
      fc.property(signature, (given) => !signatureMatches(request, { ...claim, signature: given }, 's')),
    );
  });

  it('is no signature of Version 4, nor the other way round', () => {
    const [request] = bothForms(FIXED);
    const claim = claimOf(request);
    expect(signatureMatches(request, { ...claim, algorithm: 'v4' }, FIXED.secret)).toBe(false);
    const context = { region: 'us-east-1', service: 'sts', atMs: FIXED.atMs };
    const headers = signHeaders(plainRequest(FIXED), credentialsOf(FIXED), context);
    const v4 = { ...plainRequest(FIXED), headers };
    expect(signatureMatches(v4, { ...claimOf(v4), algorithm: 'v4a' }, FIXED.secret)).toBe(false);
    expect(accepts(v4)).toBe(true);
  });

  it('goes on verifying when more keys are in use than it keeps, and when a key gets another secret', () => {
    const [request] = bothForms(FIXED);
    const claim = claimOf(request);
    for (let index = 0; index < 2_100; index += 1) {
      signatureMatches(request, { ...claim, accessKeyId: `AKIA${index}` }, FIXED.secret);
    }
    expect(signatureMatches(request, claim, 'another')).toBe(false);
    expect(accepts(request)).toBe(true);
  });
});

const FIXED: Sample = {
  accessKeyId: 'AKIDEXAMPLE',
  secret: 'wJalrXUtnFEMI',
  sessionToken: undefined,
  regionSet: 'us-east-1',
  atMs: 1_440_938_160_000,
  method: 'POST',
  query: {},
  body: 'Action=GetCallerIdentity',
};

function accepts(request: HttpRequest): boolean {
  return signatureMatches(request, claimOf(request), FIXED.secret);
}

function claimOf(request: HttpRequest): SignatureClaim {
  const claim = parseAuthorization(request);
  if (claim.kind !== 'header' && claim.kind !== 'query') throw new Error(`read as ${claim.kind}`);
  return claim;
}

function bothForms(sample: Sample): readonly [inHeader: HttpRequest, inQuery: HttpRequest] {
  const request = plainRequest(sample);
  const credentials = credentialsOf(sample);
  const { regionSet, atMs } = sample;
  const context = { region: '', regionSet, service: 'sts', atMs };
  const headers = signHeaders(request, credentials, context);
  expect(headerOf({ ...request, headers }, 'x-amz-region-set')).toBe(regionSet);
  return [
    { ...request, headers },
    { ...request, query: presign(request, credentials, { ...context, expiresSeconds: 60 }) },
  ];
}

function plainRequest({ method, query, body }: Sample): HttpRequest {
  const pairs = Object.entries(query).map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`);
  return { method, path: '/', query: pairs.join('&'), headers: [['host', 'sts.amazonaws.com']], body };
}

function credentialsOf({ accessKeyId, secret, sessionToken }: Sample): Credentials {
  const token = sessionToken === undefined ? {} : { sessionToken };
  return { accessKeyId, secretAccessKey: new Secret(secret), ...token };
}

function identityOf({ accessKeyId, secret }: Sample) {
  return { accessKeyId, secretAccessKey: secret };
}

function officialRequest({ method, query, body }: Sample) {
  const headers = { host: 'sts.amazonaws.com' };
  return { method, protocol: 'https:', hostname: 'sts.amazonaws.com', path: '/', query, headers, body };
}

/** The official signer, and the key that it derived while it signed: the output of its one keyed hash, plus one. */
function official(sample: Sample) {
  const outputs: Uint8Array[] = [];
  class Watched extends NodeSha256 {
    readonly #keyed: boolean;

    constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
      super(secret);
      this.#keyed = secret !== undefined;
    }

    override async digest(): Promise<Uint8Array> {
      const output = await super.digest();
      if (this.#keyed) outputs.push(output);
      return output;
    }
  }
  const { accessKeyId, secret, sessionToken, regionSet } = sample;
  const token = sessionToken === undefined ? {} : { sessionToken };
  const signer = new SignatureV4a({
    credentials: { accessKeyId, secretAccessKey: secret, ...token },
    region: regionSet,
    service: 'sts',
    sha256: Watched,
    applyChecksum: false,
  });
  const derived = (): Uint8Array => {
    const scalar = BigInt(`0x${Buffer.from(outputs.at(-1) ?? []).toString('hex')}`) + 1n;
    return Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  };
  return { signer, derived };
}

function publicKeyOf(scalar: Uint8Array): KeyObject {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33).toString('base64url'), point.subarray(33).toString('base64url')];
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}
