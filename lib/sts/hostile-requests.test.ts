/** Requests that nobody in his right mind sends: STS answers every one, briefly, and stays as it was. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { era } from '../aws/eras.ts';
import { encodeForm, STS_VERSION } from '../aws/query-protocol.ts';
import { createDesk } from './test-desk.ts';

const RUNS = 5_000;
const desk = createDesk();
const roleArn = desk.roleArn('aws');

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '%',
    '%zz',
    '../..',
    '__proto__',
    'constructor',
    '9'.repeat(400),
    'a*'.repeat(900),
  ),
  fc.constantFrom(
    roleArn,
    '900',
    '-0',
    '+900',
    '1e9',
    '{"Version":"2012-10-17","Statement":[]}',
    '{'.repeat(2_000),
  ),
);

const parameterName = fc.oneof(
  fc.constantFrom(
    ...['RoleArn', 'RoleSessionName', 'Policy', 'DurationSeconds', 'SerialNumber', 'TokenCode', 'ExternalId'],
    ...['SourceIdentity', 'WebIdentityToken', 'SAMLAssertion', 'PrincipalArn', 'Name', 'EncodedMessage'],
    ...['AccessKeyId', 'TargetPrincipal', 'TaskPolicyArn.arn', 'TradeInToken', 'Audience.member.1'],
    ...['Tags.member.1.Key', 'Tags.member.1.Value', 'Tags.member.999999999.Key', 'Tags.member.-1.Key'],
    ...['PolicyArns.member.1.arn', 'TransitiveTagKeys.member.1', 'Tags', 'Tags.member', 'Tags.member.1.'],
    ...[
      'ProvidedContexts.member.1.ContextAssertion',
      'SigningAlgorithm',
      'MinimumSessionTokenSize',
      'Action',
    ],
  ),
  anyText,
);

const action = fc.oneof(fc.constantFrom(...era('2026').actions), anyText);
const parameters = fc
  .array(fc.tuple(parameterName, anyText), { maxLength: 12 })
  .map((pairs) => Object.fromEntries(pairs));

const header = fc.tuple(
  fc.constantFrom(
    'authorization',
    'x-amz-date',
    'x-amz-security-token',
    'content-type',
    'accept',
    'host',
    'x-x',
  ),
  fc.oneof(
    anyText,
    fc.constantFrom(
      'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=;;;, Signature=0',
      `AWS4-HMAC-SHA256 ${'Credential=/, '.repeat(500)}`,
      'AWS4-ECDSA-P256-SHA256 Credential=AKIA/20261124/sts/aws4_request, SignedHeaders=host, Signature=00',
      `IQoJb3JpZ2luX2Vj${'A'.repeat(4_000)}`,
    ),
  ),
);

/** What AWS's limits on time and size are for: an answer never outgrows what it answers by more than this. */
const MOST_TIMES_LONGER = 100;

function expectSober({ answer }: { answer: { status: number; body: string } }, bytes: number): void {
  expect([200, 302, 400, 403, 404]).toContain(answer.status);
  expect(Buffer.byteLength(answer.body)).toBeLessThan(MOST_TIMES_LONGER * bytes);
}

describe('a hostile request', () => {
  test('with a good signature is answered as any other', () => {
    fc.assert(
      fc.property(action, parameters, fc.boolean(), (Action, more, json) => {
        const all = { ...more, Action, Version: STS_VERSION };
        const { served } = desk.ask({
          parameters: all,
          alter: (request) =>
            json ? { ...request, headers: [...request.headers, ['accept', 'application/json']] } : request,
        });
        expectSober(served, encodeForm(all).length);
      }),
      { numRuns: RUNS },
    );
  });

  test('made of anything at all is answered as any other', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS', 'HEAD'),
        fc.oneof(fc.constantFrom('/', '//', '/%2e'), anyText),
        anyText,
        fc.array(header, { maxLength: 6 }),
        fc.oneof(anyText, parameters.map(encodeForm), fc.uint8Array({ maxLength: 60 })),
        (method, path, query, headers, body) => {
          const { served } = desk.ask({ alter: () => ({ method, path, query, headers, body }) });
          const size =
            method.length + path.length + query.length + headers.flat().join('').length + body.length;
          // A request line and a host are bytes too.
          expectSober(served, size + 60);
        },
      ),
      { numRuns: RUNS },
    );
    expect(desk.ask().ok).toBe(true);
  });
});
