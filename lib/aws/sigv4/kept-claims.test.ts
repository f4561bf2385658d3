import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../credentials.ts';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import type { HttpRequest } from './http-request.ts';
import { signatureOf } from './signature.ts';
import { signHeaders } from './signer.ts';
import { SigningAids } from './signing-aids.ts';
import { signatureMatches } from './verifier.ts';

interface Signing {
  readonly accessKeyId: string;
  readonly secret: string;
  readonly region: string;
  readonly atMs: number;
  readonly extra: string | undefined;
  readonly body: string;
}

/** Few values of each: most claims meet one that is kept and nearly theirs. */
const signings = fc.array(
  fc.record({
    accessKeyId: fc.constantFrom('AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE', 'AK'),
    secret: fc.constantFrom('one', 'another'),
    region: fc.constantFrom('eu-west-1', 'eu-west-2', 'r'.repeat(600)),
    atMs: fc.constantFrom(
      ...['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z', '2026-02-01T12:00:00Z'].map(Date.parse),
    ),
    extra: fc.constantFrom(undefined, 'accept', 'x-amz-target'),
    body: fc.constantFrom('', 'Action=GetCallerIdentity'),
  }),
  { minLength: 1, maxLength: 30 },
);

test('a claim reads and verifies alike, whatever was read before it', () => {
  fc.assert(
    fc.property(signings, (sequence) => {
      for (const signing of sequence) {
        const request = signed(signing);
        const claim = claimOf(request);
        const { accessKeyId, region, secret } = signing;
        expect(claim).toMatchObject({ accessKeyId, region, service: 'sts', kind: 'header', algorithm: 'v4' });
        expect(claim.signedHeaders.includes(signing.extra ?? 'host')).toBe(true);
        expect(signatureMatches(request, claim, secret)).toBe(true);
        expect(signatureMatches(request, claim, `${secret}x`)).toBe(false);
        expect(signatureMatches({ ...request, body: 'Action=AssumeRole' }, claim, secret)).toBe(false);
        expect(signatureMatches(request, claim, secret)).toBe(true);
      }
    }),
  );
});

test('what is kept for one key signs for another as if nothing had been kept', () => {
  const aids = new SigningAids({ signedHeaders: ['host'] });
  const scope = fc.record({
    date: fc.constantFrom('20260131', '20260201'),
    region: fc.constantFrom('eu-west-1', 'us-east-1'),
    service: fc.constantFrom('sts', 'iam'),
  });
  const identity = fc.record({
    accessKeyId: fc.constantFrom('ONE', 'TWO'),
    secretAccessKey: fc.constantFrom('one', 'another', 'é'.repeat(70)),
  });
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), scope, identity, (canonical, of, by) => {
      const amzDate = `${of.date}T120000Z`;
      expect(aids.signatureOf(canonical, amzDate, of, by)).toBe(signatureOf(canonical, amzDate, of, by));
    }),
  );
});

test('more openings than are kept do no harm', () => {
  const first = signed({ ...USUAL, accessKeyId: 'ASIAFIRSTFIRSTFIRST2' });
  const claim = claimOf(first);
  for (let index = 0; index < 2_000; index += 1) claimOf(signed({ ...USUAL, accessKeyId: `ASIA${index}` }));
  expect(claimOf(first)).toEqual(claim);
  expect(signatureMatches(first, claimOf(first), USUAL.secret)).toBe(true);
});

const USUAL: Signing = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: 'one',
  region: 'eu-west-1',
  atMs: Date.parse('2026-01-31T12:00:00Z'),
  extra: undefined,
  body: '',
};

function signed({ accessKeyId, secret, region, atMs, extra, body }: Signing): HttpRequest {
  const request: HttpRequest = {
    method: 'POST',
    path: '/',
    query: '',
    headers: [['host', 'sts.amazonaws.com'], ...(extra === undefined ? [] : [[extra, 'some'] as const])],
    body,
  };
  const credentials = { accessKeyId, secretAccessKey: new Secret(secret) };
  return { ...request, headers: signHeaders(request, credentials, { region, service: 'sts', atMs }) };
}

function claimOf(request: HttpRequest): SignatureClaim {
  const claim = parseAuthorization(request);
  if (claim.kind !== 'header') throw new Error(`read as ${claim.kind}`);
  return claim;
}
