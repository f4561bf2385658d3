/** What k6 signs is what the signer of our own engine signs. k6's own hashes are held against Node's in test/k6-script.test.ts. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { Secret } from '../../aws/credentials.ts';
import { signHeaders } from '../../aws/sigv4/signer.ts';
import { bundleScript } from '../bundle.ts';
import type { K6Credentials } from './config.ts';

const AT_MS = Date.UTC(2026, 0, 31, 12);
const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/** k6's two modules by Node's own means, found as packages beside the bundle. */
const CRYPTO = `
import { createHash, createHmac } from 'node:crypto';
const bytes = (data) => (typeof data === 'string' ? data : new Uint8Array(data));
export default {
  sha256: (data, encoding) => createHash('sha256').update(bytes(data)).digest(encoding),
  hmac: (algorithm, secret, data, encoding) => {
    const hmac = createHmac(algorithm, bytes(secret)).update(bytes(data));
    return encoding === 'binary' ? new Uint8Array(hmac.digest()).buffer : hmac.digest(encoding);
  },
};
`;

const folder = mkdtempSync(join(tmpdir(), 'regionfall-sign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const modules = join(folder, 'node_modules', 'k6');
mkdirSync(modules, { recursive: true });
const exported = { type: 'module', exports: { './crypto': './crypto.js', './encoding': './encoding.js' } };
writeFileSync(join(modules, 'package.json'), JSON.stringify(exported));
writeFileSync(join(modules, 'crypto.js'), CRYPTO);
writeFileSync(join(modules, 'encoding.js'), 'export default {};');
const bundle = join(folder, 'sign.mjs');
writeFileSync(bundle, (await bundleScript(fileURLToPath(new URL('sign.ts', import.meta.url)))).code);
const { formOf, formSigner, signed }: typeof import('./sign.ts') = await import(pathToFileURL(bundle).href);

function byOurSigner(
  { headers, ...request }: Parameters<typeof signed>[0],
  { secretAccessKey, ...credentials }: K6Credentials,
  scope: Parameters<typeof signed>[2],
): Record<string, string> {
  const full = { query: '', body: '', ...request, headers: Object.entries(headers) };
  return Object.fromEntries(
    signHeaders(full, { ...credentials, secretAccessKey: new Secret(secretAccessKey) }, scope),
  );
}

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const headerText = fc.stringMatching(/^[ -~]{0,20}$/);
const credentials: fc.Arbitrary<K6Credentials> = fc
  .record({ secretAccessKey: fc.stringMatching(/^[A-Za-z0-9/+]{40}$/), sessionToken: fc.option(headerText) })
  .map(({ secretAccessKey, sessionToken }) => ({
    // One id, so that kept keys of another secret would show.
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey,
    ...(sessionToken === null ? {} : { sessionToken }),
  }));

it('any request is signed as the signer of our own engine signs it', () => {
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PUT'),
    path: fc.array(text).map((parts) => `/${parts.map(encodeURIComponent).join('/')}`),
    query: fc
      .array(fc.tuple(text, text))
      .map((pairs) => pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&')),
    headers: headerText.map((value) => ({ host: 'a.test', 'x-amz-meta': value, 'content-type': FORM })),
    body: text,
  });
  const scope = fc.record({
    region: fc.constantFrom('eu-west-1', 'us-east-1'),
    service: fc.constantFrom('sts', 'iam'),
    atMs: fc.integer({ min: AT_MS - 86_400_000, max: AT_MS }),
  });
  fc.assert(
    fc.property(request, credentials, scope, (asked, keys, where) => {
      expect(signed(asked, keys, where)).toEqual(byOurSigner(asked, keys, where));
    }),
  );
});

it('a form, of which all but date and body is put together once, is signed in the same way every time', () => {
  const parameters = fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,10}$/), text, { maxKeys: 5 });
  const moments = fc.array(fc.integer({ min: 0, max: 2 * 86_400_000 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(
      credentials,
      fc.array(parameters, { minLength: 1, maxLength: 3 }),
      moments,
      (keys, forms, times) => {
        const where = { host: 'sts.eu-west-1.amazonaws.com', region: 'eu-west-1', service: 'sts' };
        const signer = formSigner({ ...where, credentials: keys, userAgent: 'regionfall caller/app-1' });
        for (const form of forms) {
          for (const afterMs of times) {
            const [body, atMs] = [formOf(form), AT_MS + afterMs];
            const { Host, 'user-agent': agent, ...headers } = signer.headers(body, atMs);
            const request = {
              method: 'POST',
              path: '/',
              body,
              headers: { 'content-type': FORM, host: where.host },
            };
            expect({ ...headers, host: Host }).toEqual(byOurSigner(request, keys, { ...where, atMs }));
            expect(agent).toBe('regionfall caller/app-1');
          }
        }
      },
    ),
  );
});

it('what the service would refuse is refused before it is signed', () => {
  const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
  const scope = { region: 'eu-west-1', service: 's3', atMs: AT_MS };
  const sign = (headers: Record<string, string>) => () =>
    signed({ method: 'GET', path: '/', headers }, keys, scope);
  expect(sign({ Host: 'a.test' })).toThrow("lower-case to be signed: 'Host'");
  expect(sign({ accept: '*/*' })).toThrow("without a 'host' header");
});
