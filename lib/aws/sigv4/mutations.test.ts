import { describe, expect, it } from 'vitest';
import { describeWithVectors } from '../../../test/vectors.ts';
import { Secret } from '../credentials.ts';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import type { HttpRequest } from './http-request.ts';
import { mutationsOf } from './mutations.fixture.ts';
import { authTextsOf, signedRequest, withAuth } from './mutations-kit.fixture.ts';
import { presign, signHeaders } from './signer.ts';
import { isAccepted, readSuite } from './suite.fixture.ts';

describeWithVectors("AWS's signing suite, mutated,", 'sigv4', (folder) => {
  // What STS refuses as it was published, for its raw path or its unsigned token, says nothing when it is changed.
  const accepted = readSuite(folder).filter(({ request, claim, secret }) =>
    isAccepted(request, claim.accessKeyId, secret),
  );

  it('starts from the 62 signatures that pass by the rules of STS', () => expect(accepted).toHaveLength(62));

  it('has more than 900 mutants of each form', () => {
    for (const form of ['header', 'query']) {
      const mutants = accepted.filter((vector) => vector.form === form).flatMap(mutantsOf);
      expect(mutants.length).toBeGreaterThan(900);
    }
  });

  it.each(accepted)('$name: taken apart and put together, it still passes', ({ request, claim, secret }) => {
    const signed = signedRequest(request, claim);
    expect(isAccepted(withAuth(signed, authTextsOf(signed)), claim.accessKeyId, secret)).toBe(true);
  });

  it.each(accepted)('$name: no mutant is accepted', ({ request, claim, secret }) => {
    const passed = mutantsOf({ request, claim }).filter((mutant) =>
      isAccepted(mutant.request, claim.accessKeyId, secret),
    );
    expect(passed.map(({ name }) => name)).toEqual([]);
  });
});

describe('a request of Version 4A, mutated,', () => {
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: new Secret('secret'),
    sessionToken: 't',
  };
  const bare: HttpRequest = {
    method: 'POST',
    path: '/',
    query: 'Note=a%20b',
    headers: [
      ['host', 'sts.us-east-1.amazonaws.com'],
      ['content-type', 'application/x-www-form-urlencoded'],
    ],
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  };
  const context = { region: '', regionSet: 'us-*,eu-west-1', service: 'sts', atMs: 1_440_938_160_000 };
  const forms: readonly HttpRequest[] = [
    { ...bare, headers: signHeaders(bare, credentials, context) },
    { ...bare, query: presign(bare, credentials, { ...context, expiresSeconds: 60 }) },
  ];

  it.each(forms)('has no mutant that is accepted', (request) => {
    const claim = claimOf(request);
    const mutants = mutantsOf({ request, claim });
    expect(mutants.length).toBeGreaterThan(150);
    const passed = mutants.filter((mutant) => isAccepted(mutant.request, 'AKIDEXAMPLE', 'secret'));
    expect(passed.map(({ name }) => name)).toEqual([]);
    expect(isAccepted(request, 'AKIDEXAMPLE', 'secret')).toBe(true);
  });
});

function mutantsOf({ request, claim }: { readonly request: HttpRequest; readonly claim: SignatureClaim }) {
  return mutationsOf(signedRequest(request, claim));
}

function claimOf(request: HttpRequest): SignatureClaim {
  const claim = parseAuthorization(request);
  if (claim.kind !== 'header' && claim.kind !== 'query') throw new Error(`read as ${claim.kind}`);
  return claim;
}
