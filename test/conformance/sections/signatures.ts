/** Signatures: AWS's published suite, thousands of mutations of it, and the Regions of Version 4A. */

import assert from 'node:assert/strict';
import { Secret } from '../../../lib/aws/credentials.ts';
import { parseAuthorization, type SignatureClaim } from '../../../lib/aws/sigv4/authorization.ts';
import { canonicalRequest, payloadHashOf, STS_RULES } from '../../../lib/aws/sigv4/canonical-request.ts';
import type { HttpRequest } from '../../../lib/aws/sigv4/http-request.ts';
import { mutationsOf } from '../../../lib/aws/sigv4/mutations.fixture.ts';
import { signedRequest } from '../../../lib/aws/sigv4/mutations-kit.fixture.ts';
import { claimCoversRegion } from '../../../lib/aws/sigv4/region-set.ts';
import { signatureOf } from '../../../lib/aws/sigv4/signature.ts';
import { presign, type SigningContext, signHeaders } from '../../../lib/aws/sigv4/signer.ts';
import { stringToSign } from '../../../lib/aws/sigv4/string-to-sign.ts';
import { isAccepted, readSuite, type SignedVector } from '../../../lib/aws/sigv4/suite.fixture.ts';
import { signatureMatches } from '../../../lib/aws/sigv4/verifier.ts';
import { type Behaviour, type Section, type Skip, type Tally, tally } from '../ledger.ts';
import { vectorsFolder } from '../vectors.ts';

export const signatures: Section = {
  title: 'Signatures',
  behaviours: () => [
    {
      id: 'sigv4.published',
      behaviour: "canonical request, string to sign and signature are those of AWS's suite",
      ...SUITE,
      check: forSuite((suite) => tally(suite, asPublished)),
      atLeast: 76,
    },
    {
      id: 'sigv4.verified',
      behaviour: 'each signature of the suite verifies by the rules of its case, and with no other secret',
      ...SUITE,
      check: forSuite((suite) =>
        tally(suite, ({ request, claim, secret, rules }) => {
          assert.ok(signatureMatches(request, claim, secret, rules), 'was refused');
          assert.ok(!signatureMatches(request, claim, `${secret}x`, rules), 'passed with another secret');
        }),
      ),
      atLeast: 76,
    },
    {
      id: 'sigv4.sts-rules',
      behaviour:
        'paths are normalised and the token is signed: 62 of the suite pass, the other 14 are refused',
      ...SUITE,
      check: forSuite((suite) => tally(suite, byTheRulesOfSts)),
      atLeast: 76,
    },
    {
      id: 'sigv4.mutations',
      behaviour: 'no signature of the suite survives a change of anything that it covers',
      ...SUITE,
      check: forSuite((suite) => tally(suite.filter(passes).flatMap(mutantsOf), refused)),
      atLeast: 900,
    },
    {
      id: 'sigv4a.mutations',
      behaviour: 'nor does a signature of Version 4A',
      source: 'the same mutations of requests that we signed',
      status: 'documented',
      check: () => tally(V4A_FORMS.flatMap(mutantsOf), refused),
      atLeast: 300,
    },
    {
      id: 'sigv4a.region-set',
      behaviour:
        'a signature of Version 4A is good for the Regions of its set, wildcards included, and no other',
      source: 'AWS SDK guides on SigV4a region sets',
      status: 'documented',
      check: () => tally(REGION_SETS, coversItsRegions),
    },
  ],
};

const SUITE = { source: 'awslabs/aws-c-auth, aws-signing-test-suite v4', status: 'documented' } as const;

function forSuite(check: (suite: readonly SignedVector[]) => Promise<Tally>): Behaviour['check'] {
  return (): Skip | Promise<Tally> => {
    const folder = vectorsFolder('sigv4');
    return typeof folder === 'string' ? check(readSuite(folder)) : folder;
  };
}

function asPublished({ request, claim, secret, rules, file }: SignedVector): void {
  const parts = { signedHeaders: claim.signedHeaders, payloadHash: payloadHashOf(request.body) };
  const canonical = canonicalRequest(request, parts, rules) ?? '';
  assert.equal(canonical, file('canonical-request.txt'));
  assert.equal(stringToSign(canonical, claim.amzDate, claim), file('string-to-sign.txt'));
  const identity = { accessKeyId: claim.accessKeyId, secretAccessKey: secret };
  assert.equal(signatureOf(canonical, claim.amzDate, claim, identity), file('signature.txt'));
}

/** Raw paths with anything to normalise, and a token that was attached after signing. A space is nothing of the kind. */
function byTheRulesOfSts(vector: SignedVector): void {
  const raw = vector.name.includes('-unnormalized') && !vector.name.startsWith('get-space');
  const attached = !vector.rules.tokenSigned;
  const matches = signatureMatches(vector.request, vector.claim, vector.secret, STS_RULES);
  assert.equal(matches, !raw && !attached, matches ? 'passed' : 'was refused');
}

function passes({ request, claim, secret }: SignedVector): boolean {
  return isAccepted(request, claim.accessKeyId, secret);
}

interface Signed {
  readonly name: string;
  readonly request: HttpRequest;
  readonly claim: SignatureClaim;
  readonly secret: string;
}

interface Mutant extends Signed {
  readonly original: Signed;
}

function mutantsOf(original: Signed): Mutant[] {
  return mutationsOf(signedRequest(original.request, original.claim)).map(({ name, request }) => ({
    ...original,
    name: `${original.name}, ${name}`,
    request,
    original,
  }));
}

function refused({ request, claim, secret }: Mutant): void {
  assert.ok(!isAccepted(request, claim.accessKeyId, secret), 'was accepted');
}

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';

const V4A_FORMS = [signedV4a('us-*,eu-west-1', 'header'), signedV4a('us-*,eu-west-1', 'query')];

function signedV4a(regionSet: string, form: 'header' | 'query'): Signed {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: new Secret(SECRET),
    sessionToken: 't+/=',
  };
  const bare: HttpRequest = {
    method: 'POST',
    path: '/',
    query: '',
    headers: [
      ['host', 'sts.eu-west-1.amazonaws.com'],
      ['content-type', 'application/x-www-form-urlencoded'],
    ],
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  };
  const context: SigningContext = { region: '', regionSet, service: 'sts', atMs: 1_440_938_160_000 };
  const request =
    form === 'header'
      ? { ...bare, headers: signHeaders(bare, credentials, context) }
      : { ...bare, query: presign(bare, credentials, { ...context, expiresSeconds: 60 }) };
  const claim = parseAuthorization(request);
  if (claim.kind !== form) throw new Error(`the ${form} signature was read as '${claim.kind}'`);
  return { name: `version 4A (${form})`, request, claim, secret: SECRET };
}

/** Region sets, and the Regions out of four that each covers. */
const REGION_SETS = (
  [
    ['*', ['us-east-1', 'us-gov-west-1', 'eu-west-1', 'cn-north-1']],
    ['us-*', ['us-east-1', 'us-gov-west-1']],
    ['us-east-1', ['us-east-1']],
    ['eu-west-1,us-east-1', ['us-east-1', 'eu-west-1']],
    ['eu-west-1, cn-*', ['eu-west-1', 'cn-north-1']],
    ['*-north-1', ['cn-north-1']],
    ['us-east-', []],
    ['', []],
  ] as const
).flatMap(([set, covered]) =>
  (['header', 'query'] as const).map((form) => ({ name: `'${set}' (${form})`, set, covered, form })),
);

function coversItsRegions({ set, covered, form }: (typeof REGION_SETS)[number]): void {
  const { request, claim, secret } = signedV4a(set, form);
  assert.ok(signatureMatches(request, claim, secret), 'does not verify');
  const regions = ['us-east-1', 'us-gov-west-1', 'eu-west-1', 'cn-north-1'];
  assert.deepEqual(
    regions.filter((region) => claimCoversRegion(claim, region)),
    [...covered],
  );
}
