/** Changes of what a request claims about its signature, and of the signature: half of the mutations. */

import type { HttpRequest } from './http-request.ts';
import {
  type AuthTexts,
  authTextsOf,
  type Mutation,
  type Mutator,
  type SignedRequest,
  swapCase,
  withAuth,
} from './mutations-kit.fixture.ts';

export const CLAIM_MUTATORS: readonly Mutator[] = [
  signatures,
  credentials,
  dates,
  signedHeaders,
  algorithms,
  moves,
];

function signatures(signed: SignedRequest): Mutation[] {
  const { signature } = authTextsOf(signed);
  // One of each character that the signature has, at its first and at its last place.
  const places = new Set([...signature].flatMap((c) => [signature.indexOf(c), signature.lastIndexOf(c)]));
  const half = signature.length / 2;
  const changed = [
    ...[...places].flatMap((at) =>
      [otherDigit(signature[at] ?? ''), swapCase(signature[at] ?? ''), 'g', 'é'].map((c) =>
        [signature.slice(0, at), c, signature.slice(at + 1)].join(''),
      ),
    ),
    signature.toUpperCase(),
    signature.slice(1),
    signature.slice(0, -1),
    signature.slice(0, half),
    `${signature}0`,
    `0${signature}`,
    `${signature.slice(0, half)} ${signature.slice(half)}`,
    signature.slice(half) + signature.slice(0, half),
    [...signature].toReversed().join(''),
    signature + signature,
    '0'.repeat(64),
    'f'.repeat(64),
    '0',
    '',
    `0x${signature}`,
    Buffer.from(signature, 'hex').toString('base64'),
  ];
  return texts(signed, 'signature', changed);
}

function credentials(signed: SignedRequest): Mutation[] {
  const { credential } = authTextsOf(signed);
  const elements = credential.split('/');
  const changed = [
    ...elements.flatMap((element, index) =>
      ['', `${element}x`, element.slice(0, -1), swapCase(element), `${element}/x`, `x${element}`, '*'].map(
        (text) => elements.with(index, text).join('/'),
      ),
    ),
    ...elements.map((_, index) => elements.toSpliced(index, 1).join('/')),
    ...elements.slice(1).map((element, index) => {
      return elements
        .with(index, element)
        .with(index + 1, elements[index] ?? '')
        .join('/');
    }),
    credential.replace('20150830', '20150831'),
    credential.replace('20150830', '2015-08-30'),
    credential.replaceAll('/', '\\'),
    '',
  ];
  return texts(signed, 'credential', changed);
}

/** In the header form the date is a signed header as well, and so is changed there too. */
function dates(signed: SignedRequest): Mutation[] {
  const { amzDate, credential } = authTextsOf(signed);
  const day = amzDate.slice(0, 8);
  const changed = [
    amzDate.replace('00Z', '01Z'),
    amzDate.replace('T12', 'T13'),
    `20150831${amzDate.slice(8)}`,
    `19990101${amzDate.slice(8)}`,
    amzDate.replace('Z', ''),
    amzDate.toLowerCase(),
    '2015-08-30T12:36:00Z',
    'Sun, 30 Aug 2015 12:36:00 GMT',
    `${amzDate}Z`,
    '20150832T123600Z',
    '',
  ];
  return [
    ...texts(signed, 'amzDate', changed),
    ...changed.map((date) => ({
      name: `date and scope: ${date}`,
      request: withAuth(signed, { amzDate: date, credential: credential.replace(day, date.slice(0, 8)) }),
    })),
  ];
}

function signedHeaders(signed: SignedRequest): Mutation[] {
  const names = signed.signedHeaders;
  const list = names.join(';');
  return [
    ...texts(signed, 'signedHeaders', [
      ...names.map((_, index) => names.toSpliced(index, 1).join(';')),
      ...names.map((name) => `${list};${name}`),
      ...['user-agent', 'content-length', 'x-amz-added', 'authorization', ':authority'].map(
        (name) => `${list};${name}`,
      ),
      list.replaceAll(';', ','),
      `${list};`,
      `;${list}`,
      `${list};;host`,
      list.replace('host', 'hosts'),
      list.replace('host', ' host'),
      '',
      '*',
    ]),
    ...names.map((name, index) => ({
      name: `header ${name}: removed, and from the list`,
      request: withAuth(
        { ...signed, request: withoutHeader(signed.request, name) },
        { signedHeaders: names.toSpliced(index, 1).join(';') },
      ),
    })),
  ];
}

function algorithms(signed: SignedRequest): Mutation[] {
  const { credential } = authTextsOf(signed);
  const elements = credential.split('/');
  const otherScope = elements.length === 5 ? elements.toSpliced(2, 1) : elements.toSpliced(2, 0, 'us-east-1');
  return [
    ...['AWS4-HMAC-SHA1', 'AWS4-HMAC-SHA512', 'aws4-hmac-sha256', 'AWS4-', 'AWS4', 'Bearer', 'none', ''].map(
      (algorithm) => ({ name: `algorithm: ${algorithm}`, request: withAuth(signed, { algorithm }) }),
    ),
    ...['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'].flatMap((algorithm) => [
      { name: `algorithm: ${algorithm}`, request: withAuth(signed, { algorithm }) },
      {
        name: `algorithm and scope: ${algorithm}`,
        request: withAuth(signed, { algorithm, credential: otherScope.join('/') }),
      },
    ]),
  ];
}

/** The same claim in the other place, in both at once, and the token in the other place. */
function moves(signed: SignedRequest): Mutation[] {
  const { request, form } = signed;
  const claim = authTextsOf(signed);
  const other = form === 'header' ? 'query' : 'header';
  const bare = withAuth(signed, undefined);
  const token = claim.securityToken;
  const mutations = [
    { name: `moved to the ${other}`, request: withAuth({ ...signed, request: bare, form: other }, claim) },
    { name: `in the ${other} too`, request: withAuth({ ...signed, form: other }, claim) },
    { name: 'taken away', request: bare },
  ];
  if (token === '') return mutations;
  const encoded = `X-Amz-Security-Token=${encodeURIComponent(token)}`;
  const moved =
    form === 'header'
      ? {
          ...withoutHeader(request, 'x-amz-security-token'),
          query: [request.query, encoded].filter(Boolean).join('&'),
        }
      : {
          ...request,
          query: request.query
            .split('&')
            .filter((part) => !part.startsWith('X-Amz-Security-Token='))
            .join('&'),
          headers: [...request.headers, ['x-amz-security-token', token] as const],
        };
  return [...mutations, { name: `token moved to the ${other}`, request: moved }];
}

function texts(signed: SignedRequest, field: keyof AuthTexts, changed: readonly string[]): Mutation[] {
  return changed.map((text) => ({
    name: `${field}: ${text}`,
    request: withAuth(signed, { [field]: text }),
  }));
}

function withoutHeader(request: HttpRequest, name: string): HttpRequest {
  return { ...request, headers: request.headers.filter(([other]) => other !== name) };
}

function otherDigit(digit: string): string {
  return digit === 'f' ? '0' : digit === '9' ? 'a' : String.fromCharCode(digit.charCodeAt(0) + 1);
}
