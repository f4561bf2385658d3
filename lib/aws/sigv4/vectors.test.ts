import { expect, it } from 'vitest';
import { describeWithVectors } from '../../../test/vectors.ts';
import { canonicalRequest, payloadHashOf, STS_RULES } from './canonical-request.ts';
import { signatureOf } from './signature.ts';
import { stringToSign } from './string-to-sign.ts';
import { readSuite } from './suite.fixture.ts';
import { signatureMatches } from './verifier.ts';

describeWithVectors("AWS's signing suite", 'sigv4', (folder) => {
  const signed = readSuite(folder);

  it('has 76 signatures', () => expect(signed).toHaveLength(76));

  it.each(signed)(
    '$name: canonical request, string to sign and signature are the published ones',
    (vector) => {
      const { request, claim, secret, rules, file } = vector;
      const parts = { signedHeaders: claim.signedHeaders, payloadHash: payloadHashOf(request.body) };
      const canonical = canonicalRequest(request, parts, rules) ?? '';
      expect(canonical).toBe(file('canonical-request.txt'));
      expect(stringToSign(canonical, claim.amzDate, claim)).toBe(file('string-to-sign.txt'));
      const identity = { accessKeyId: claim.accessKeyId, secretAccessKey: secret };
      expect(signatureOf(canonical, claim.amzDate, claim, identity)).toBe(file('signature.txt'));
    },
  );

  it.each(signed)('$name: verifies by the rules of its case', ({ request, claim, secret, rules }) => {
    expect(signatureMatches(request, claim, secret, rules)).toBe(true);
    expect(signatureMatches(request, claim, `${secret}x`, rules)).toBe(false);
  });

  it('verifies 64 of the signatures when every path is normalised, and refuses the 12 of raw paths', () => {
    const refused = signed.filter(
      ({ request, claim, secret, rules }) =>
        !signatureMatches(request, claim, secret, { ...STS_RULES, tokenSigned: rules.tokenSigned }),
    );
    expect(signed.length - refused.length).toBe(64);
    // A space is no matter of normalisation: that seventh pair of raw paths verifies either way.
    expect(refused.map(({ name }) => name)).toEqual(
      signed
        .map(({ name }) => name)
        .filter((name) => name.includes('-unnormalized') && !name.startsWith('get-space')),
    );
  });

  it('refuses, by the rules of STS, a token that was attached after signing', () => {
    const attached = signed.filter(({ name }) => name.startsWith('post-sts-header-after'));
    expect(attached).toHaveLength(2);
    for (const { request, claim, secret } of attached)
      expect(signatureMatches(request, claim, secret)).toBe(false);
  });
});
