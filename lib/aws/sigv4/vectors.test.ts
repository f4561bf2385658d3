import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWithVectors, readVectorJson } from '../../../test/vectors.ts';
import { parseAuthorization, type SignatureClaim } from './authorization.ts';
import { type CanonicalRules, canonicalRequest, payloadHashOf, STS_RULES } from './canonical-request.ts';
import type { HttpRequest } from './http-request.ts';
import { signatureOf, stringToSign } from './signature.ts';
import { signatureMatches } from './verifier.ts';

interface VectorContext {
  readonly credentials: { readonly access_key_id: string; readonly secret_access_key: string };
  readonly normalize: boolean;
  readonly omit_session_token?: boolean;
}

interface SignedVector {
  readonly name: string;
  readonly request: HttpRequest;
  readonly claim: SignatureClaim;
  readonly secret: string;
  readonly rules: CanonicalRules;
  readonly file: (suffix: string) => string;
}

describeWithVectors("AWS's signing suite", 'sigv4', (folder) => {
  const signed = readdirSync(folder)
    .sort()
    .flatMap((name) => [readSigned(folder, name, 'header'), readSigned(folder, name, 'query')]);

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

function readSigned(folder: string, name: string, form: 'header' | 'query'): SignedVector {
  const context = readVectorJson(join(folder, name), 'context.json') as VectorContext;
  const file = (suffix: string): string => readFileSync(join(folder, name, `${form}-${suffix}`), 'utf8');
  const request = parseHttp(file('signed-request.txt'));
  const claim = parseAuthorization(request);
  if (claim.kind !== form) throw new Error(`${name}: the ${form} signature was read as '${claim.kind}'`);
  return {
    name: `${name} (${form})`,
    request,
    claim,
    secret: context.credentials.secret_access_key,
    rules: { normalizePath: context.normalize, tokenSigned: context.omit_session_token !== true },
    file,
  };
}

/** The suite's requests are no strict HTTP: spaces and raw UTF-8 in the target, values over several lines. */
function parseHttp(text: string): HttpRequest {
  const end = text.indexOf('\n\n');
  const [requestLine = '', ...lines] = (end === -1 ? text : text.slice(0, end)).trimEnd().split('\n');
  const [, method = '', path = '', query = ''] = /^(\S+) ([^?]*)\??(.*) HTTP\/1\.1$/.exec(requestLine) ?? [];
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^\s/.test(line) && last !== undefined) {
      last[1] += `\n${line}`;
    } else {
      const colon = line.indexOf(':');
      headers.push([line.slice(0, colon).toLowerCase(), line.slice(colon + 1)]);
    }
  }
  return { method, path, query, headers, body: end === -1 ? '' : text.slice(end + 2).trim() };
}
