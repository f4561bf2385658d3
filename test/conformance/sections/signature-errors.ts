/** Signatures that do not match, are not there or cannot be read, and what real STS says of each. */

import { Secret } from '../../../lib/aws/credentials.ts';
import { canonicalRequest, payloadHashOf } from '../../../lib/aws/sigv4/canonical-request.ts';
import type { HttpRequest } from '../../../lib/aws/sigv4/http-request.ts';
import { signatureOf } from '../../../lib/aws/sigv4/signature.ts';
import { presign } from '../../../lib/aws/sigv4/signer.ts';
import { amzDateOf } from '../../../lib/aws/sigv4/string-to-sign.ts';
import { type Ask, type Desk, NOON_MS, withHeader } from '../../../lib/sts/test-desk.ts';
import { type ErrorFacts, mismatch } from '../answers.ts';
import { app, type Case, judged, PROBE, session } from '../desk-cases.ts';
import { type Section, tally } from '../ledger.ts';

export const signatureErrors: Section = {
  title: 'Errors of signatures',
  behaviours: () => [
    {
      id: 'authentication.signature',
      behaviour: 'a signature that does not match is named as such, UNSIGNED-PAYLOAD included',
      source: PROBE,
      status: 'recorded',
      check: () => tally(SIGNATURES, judged),
      atLeast: 9,
    },
    {
      id: 'authentication.nothing',
      behaviour: 'a request without a signature lacks an authentication token',
      source: 'amzn/selling-partner-api-docs issue 3081',
      status: 'recorded',
      check: () => tally(NOTHING, judged),
      atLeast: 3,
    },
    {
      id: 'authentication.syntax',
      behaviour: 'a header that cannot be read is an IncompleteSignature that quotes it',
      source: "boto/boto issue 2280; AWS's diagram of authentication errors (dacut/scratchstack)",
      status: 'documented',
      check: () => tally(SYNTAX, judged),
      atLeast: 6,
    },
  ],
};

const NO_MATCH = mismatch(
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
);

const SIGNATURES: readonly Case[] = [
  {
    name: 'another secret',
    ask: (desk) => ({ credentials: { ...app(desk), secretAccessKey: new Secret('x'.repeat(40)) } }),
    error: NO_MATCH,
  },
  {
    name: 'another secret of a session',
    ask: (desk) => ({ credentials: { ...session(desk), secretAccessKey: new Secret('x'.repeat(40)) } }),
    error: NO_MATCH,
  },
  {
    name: 'another body',
    ask: () => ({ alter: (http) => ({ ...http, body: `${String(http.body)}&x=1` }) }),
    error: NO_MATCH,
  },
  {
    name: 'another value of a signed header',
    ask: () => ({
      alter: (http) => withHeader(http, 'content-type', 'application/x-www-form-urlencoded; charset=utf-8'),
    }),
    error: NO_MATCH,
  },
  {
    name: 'a payload hash of another body',
    ask: payloadHash('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
    error: NO_MATCH,
  },
  { name: 'the right payload hash', ask: ownPayloadHash },
  { name: 'a presigned POST whose payload hash is signed', ask: presignedPost },
  { name: 'UNSIGNED-PAYLOAD', ask: payloadHash('UNSIGNED-PAYLOAD'), error: NO_MATCH },
  {
    name: 'a signature cut short',
    ask: edited((text) => text.slice(0, -2)),
    error: NO_MATCH,
  },
];

/** Signs over the hash that the header names, as a client does that means it. */
function payloadHash(value: string): Case['ask'] {
  return (desk) => ({
    alter: (http) => {
      const { accessKeyId, secretAccessKey } = app(desk);
      const signed = withHeader(withHeader(http, 'authorization', undefined), 'x-amz-content-sha256', value);
      const signedHeaders = signed.headers.map(([name]) => name).sort();
      const canonical = canonicalRequest(signed, { signedHeaders, payloadHash: value }) ?? '';
      const amzDate = amzDateOf(NOON_MS);
      const scope = { date: amzDate.slice(0, 8), region: 'eu-west-1', service: 'sts' };
      const identity = { accessKeyId, secretAccessKey: secretAccessKey.reveal() };
      const text = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope.date}/eu-west-1/sts/aws4_request, SignedHeaders=${signedHeaders.join(';')}, Signature=${signatureOf(canonical, amzDate, scope, identity)}`;
      return withHeader(signed, 'authorization', text);
    },
  });
}

function ownPayloadHash(desk: Desk): Ask {
  return {
    alter: (http) => payloadHash(payloadHashOf(http.body))(desk).alter?.(http) ?? http,
  };
}

function presignedPost(desk: Desk): Ask {
  return {
    alter: ({ headers, ...http }) => {
      const sent: HttpRequest['headers'] = [
        ...headers.filter(([name]) => name === 'content-type' || name === 'host'),
        ['x-amz-content-sha256', payloadHashOf(http.body)],
      ];
      const context = { region: 'eu-west-1', service: 'sts', atMs: NOON_MS, expiresSeconds: 60 };
      const request = { ...http, headers: sent };
      return { ...request, query: presign(request, app(desk), context) };
    },
  };
}

function edited(edit: (text: string) => string): Case['ask'] {
  return () => ({
    alter: (http) => {
      const text = http.headers.find(([name]) => name === 'authorization')?.[1] ?? '';
      return withHeader(http, 'authorization', edit(text));
    },
  });
}

const NO_TOKEN: ErrorFacts = {
  status: 403,
  code: 'MissingAuthenticationToken',
  message: 'Request is missing Authentication Token',
};

const NOTHING: readonly Case[] = [
  {
    name: 'no Authorization',
    ask: () => ({ alter: (http) => withHeader(http, 'authorization', undefined) }),
    error: NO_TOKEN,
  },
  { name: 'an empty one', ask: edited(() => ''), error: NO_TOKEN },
  { name: 'one of another scheme', ask: edited(() => 'Bearer token'), error: NO_TOKEN },
];

const SIGNED = 'content-type;host;x-amz-date';
const CREDENTIAL = 'AKIDEXAMPLE/20261124/eu-west-1/sts/aws4_request';

/** Authorization headers and the sentences about them. */
const SENTENCES: readonly (readonly [name: string, header: string, message: string])[] = [
  [
    'a part without an equal sign',
    `AWS4-HMAC-SHA256 Credential= /eu-west-1/sts/aws4_request, SignedHeaders=${SIGNED}, Signature=0`,
    `'/eu-west-1/sts/aws4_request' not a valid key=value pair (missing equal-sign) in Authorization header: '{header}'.`,
  ],
  [
    'no Credential',
    `AWS4-HMAC-SHA256 SignedHeaders=${SIGNED}, Signature=0`,
    "Authorization header requires 'Credential' parameter. Authorization={header}",
  ],
  [
    'no Signature',
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=${SIGNED}`,
    "Authorization header requires 'Signature' parameter. Authorization={header}",
  ],
  [
    'no SignedHeaders',
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, Signature=0`,
    "Authorization header requires 'SignedHeaders' parameter. Authorization={header}",
  ],
  [
    'a Credential of four elements',
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-west-1/sts, SignedHeaders=${SIGNED}, Signature=0`,
    "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20261124/eu-west-1/sts'",
  ],
];

const SYNTAX: readonly Case[] = [
  ...SENTENCES.map(
    ([name, header, message]): Case => ({
      name,
      ask: edited(() => header),
      error: { status: 400, code: 'IncompleteSignature', message: message.replace('{header}', header) },
    }),
  ),
  {
    name: 'a date of another form',
    ask: () => ({ alter: (http) => withHeader(http, 'x-amz-date', '2026-11-24T12:00:00Z') }),
    error: {
      status: 400,
      code: 'IncompleteSignature',
      message:
        "Date must be in ISO-8601 'basic format'. Got '2026-11-24T12:00:00Z'. See http://en.wikipedia.org/wiki/ISO_8601",
    },
  },
];
