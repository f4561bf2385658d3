/**
 * Signed requests with one thing changed that their signature must not survive: every part of the request, of the
 * claim and of the signature. Deterministic, and without what Version 4 leaves open on purpose: headers that nobody
 * signed, the order of names and of one parameter's values, spaces within values, a second Authorization header behind
 * the first, slashes behind the credential. Also for the conformance command, which counts them.
 */

import {
  type Mutation,
  type Mutator,
  meaningOf,
  type SignedRequest,
  swapCase,
} from './mutations-kit.fixture.ts';
import { CLAIM_MUTATORS } from './mutations-of-claims.fixture.ts';

/** @returns each differing from the original and from the others in what it means, not only in how it is written. */
export function mutationsOf(signed: SignedRequest): readonly Mutation[] {
  const seen = new Set([meaningOf(signed)]);
  return MUTATORS.flatMap((mutate) => mutate(signed)).filter(({ request }) => {
    const meaning = meaningOf({ ...signed, request });
    const isNew = !seen.has(meaning);
    seen.add(meaning);
    return isNew;
  });
}

const MUTATORS: readonly Mutator[] = [
  methods,
  paths,
  parameters,
  headers,
  addedHeaders,
  bodies,
  ...CLAIM_MUTATORS,
];

function methods({ request }: SignedRequest): Mutation[] {
  return ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'get', 'Post', ''].map((method) => ({
    name: `method: ${method}`,
    request: { ...request, method },
  }));
}

function paths({ request }: SignedRequest): Mutation[] {
  const { path } = request;
  return [`${path}x`, `${path}/x`, `/x${path}`, '/other', path.toUpperCase(), `${path}%20`, `${path}?`].map(
    (changed) => ({ name: `path: ${changed}`, request: { ...request, path: changed } }),
  );
}

function parameters({ request }: SignedRequest): Mutation[] {
  const parts = request.query === '' ? [] : request.query.split('&');
  const joined = (name: string, changed: readonly string[]): Mutation => ({
    name: `query: ${name}`,
    request: { ...request, query: changed.filter((part) => part !== '').join('&') },
  });
  const added = [
    'Extra=1',
    'extra',
    'X-Amz-Added=1',
    'X-Amz-Signature=abc',
    'X-Amz-Security-Token=other',
    'Action=AssumeRole',
  ];
  return [
    ...added.map((part) => joined(`${part} added`, [...parts, part])),
    ...added.map((part) => joined(`${part} put first`, [part, ...parts])),
    ...parts.flatMap((part, index) => {
      const [name = '', value = ''] = part.split('=', 2);
      const put = (what: string, ...texts: string[]): Mutation =>
        joined(`${name} ${what}`, parts.with(index, texts.join('&')));
      return [
        put('removed', ''),
        put('renamed', `${name}x=${value}`),
        put('in other letters', `${swapCase(name)}=${value}`),
        put('emptied', `${name}=`),
        put('lengthened', `${name}=${value}x`),
        put('cut', `${name}=${value.slice(0, -1)}`),
        put('twice', part, part),
        put('twice, another value behind', part, `${name}=other`),
        put('twice, another value before', `${name}=other`, part),
      ];
    }),
  ];
}

function headers({ request, signedHeaders: signedNames }: SignedRequest): Mutation[] {
  return request.headers.flatMap(([name, value], index) => {
    if (!signedNames.includes(name)) return [];
    const put = (what: string, ...entries: (readonly [string, string])[]): Mutation => ({
      name: `header ${name}: ${what}`,
      request: { ...request, headers: request.headers.toSpliced(index, 1, ...entries) },
    });
    const all = request.headers.filter(([other]) => other === name);
    return [
      put('removed'),
      put('renamed', [`${name}x`, value]),
      put('emptied', [name, '']),
      put('lengthened', [name, `${value}x`]),
      put('cut', [name, value.slice(0, -1)]),
      put('without its spaces', [name, value.replaceAll(/\s/g, '')]),
      put('with a comma', [name, `${value},`]),
      put('with a word before', [name, `x ${value}`]),
      // The letters of a host name mean the same in either case.
      ...(name === 'host' ? [] : [put('in other letters', [name, swapCase(value)])]),
      put('twice', [name, value], [name, value]),
      put('twice, another value behind', [name, value], [name, 'other']),
      put('twice, another value before', [name, 'other'], [name, value]),
      {
        name: `header ${name}: values in another order`,
        request: {
          ...request,
          headers: [...request.headers.filter(([other]) => other !== name), ...all.toReversed()],
        },
      },
    ];
  });
}

/** Of headers that were not sent, the `x-amz-` ones may not be added. */
function addedHeaders({ request }: SignedRequest): Mutation[] {
  const added = [
    ['x-amz-added', '1'],
    ['x-amz-date', '20150830T123600Z'],
    ['x-amz-date', '20150830T123601Z'],
    ['x-amz-security-token', 'other'],
    ['x-amz-region-set', '*'],
    ['x-amz-content-sha256', 'UNSIGNED-PAYLOAD'],
    ['host', 'sts.amazonaws.com'],
  ] as const;
  return added.flatMap((entry) => [
    { name: `header ${entry[0]}: added`, request: { ...request, headers: [...request.headers, entry] } },
    { name: `header ${entry[0]}: put first`, request: { ...request, headers: [entry, ...request.headers] } },
  ]);
}

function bodies({ request }: SignedRequest): Mutation[] {
  const body = typeof request.body === 'string' ? request.body : Buffer.from(request.body).toString('latin1');
  const changed = [
    '',
    `${body}x`,
    `${body}\n`,
    ` ${body}`,
    body.slice(0, -1),
    body.slice(1),
    swapCase(body),
    body.replace('=', '%3D'),
    `${body}&Action=AssumeRole`,
    'Action=AssumeRole&Version=2011-06-15',
    `${body}\0`,
  ];
  return changed.map((text) => ({
    name: `body: ${JSON.stringify(text)}`,
    request: { ...request, body: text },
  }));
}
