/**
 * Condition keys of a request, each worked out when a policy asks for it: most requests meet policies without
 * conditions, and pay nothing. Source: "AWS global condition context keys" and "IAM and AWS STS condition context
 * keys" in the IAM User Guide.
 */

import { type HttpRequest, headerOf } from '../aws/sigv4/http-request.ts';
import type { ContextValues } from '../identity/policy/context.ts';
import type { Caller } from './caller.ts';

/** What is known of a request whatever it asks for; a `Call` is one. */
export interface Asking {
  readonly caller: Caller;
  /** Wall clock, epoch milliseconds. */
  readonly nowMs: number;
  /** For `aws:RequestedRegion`. */
  readonly endpointRegion: string;
  readonly sourceIp: string;
  readonly http: HttpRequest;
}

export interface ContextExtras {
  /** Tags of the resource, for `aws:ResourceTag/…` and `iam:ResourceTag/…`. */
  readonly resourceTags?: ReadonlyMap<string, string>;
  /** Twelve digits; whose resource it is. */
  readonly resourceAccount?: string;
  /** Keys of the action itself, in lower case; made at most once, and before any other key of the same name. */
  readonly extra?: () => ContextValues;
}

export class RequestContext implements ContextValues {
  readonly #asking: Asking;
  readonly #extras: ContextExtras;
  #extra: ContextValues | undefined;
  #all: ContextValues | undefined;
  #asked = false;

  constructor(asking: Asking, extras: ContextExtras) {
    this.#asking = asking;
    this.#extras = extras;
  }

  /** Whether anybody wanted to know anything: if not, whatever was decided does not depend on the request. */
  get asked(): boolean {
    return this.#asked;
  }

  get(key: string): readonly string[] | undefined {
    this.#asked = true;
    this.#extra ??= this.#extras.extra?.() ?? NONE;
    const own = this.#extra.get(key);
    if (own !== undefined) return own;
    const known = KEYS.get(key);
    const value = known === undefined ? this.#tag(key) : known(this.#asking, this.#extras);
    return typeof value === 'string' ? [value] : value;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.#everything().size;
  }

  forEach(visit: Parameters<ContextValues['forEach']>[0]): void {
    this.#everything().forEach(visit);
  }

  entries(): ReturnType<ContextValues['entries']> {
    return this.#everything().entries();
  }

  keys(): ReturnType<ContextValues['keys']> {
    return this.#everything().keys();
  }

  values(): ReturnType<ContextValues['values']> {
    return this.#everything().values();
  }

  [Symbol.iterator](): ReturnType<ContextValues['entries']> {
    return this.entries();
  }

  #tag(key: string): string | undefined {
    if (key.startsWith(PRINCIPAL_TAG))
      return principalTag(this.#asking.caller, key.slice(PRINCIPAL_TAG.length));
    for (const prefix of RESOURCE_TAGS) {
      if (key.startsWith(prefix))
        return tagIn(this.#extras.resourceTags ?? NO_TAGS, key.slice(prefix.length));
    }
    return oidcClaim(this.#asking.caller, key);
  }

  /** For explanations: whatever has a value. */
  #everything(): ContextValues {
    this.#asked = true;
    if (this.#all !== undefined) return this.#all;
    const { caller } = this.#asking;
    const tagNames = [
      ...tagsOf(caller).map(([key]) => `${PRINCIPAL_TAG}${key.toLowerCase()}`),
      ...[...(this.#extras.resourceTags ?? NO_TAGS).keys()].map(
        (key) => `aws:resourcetag/${key.toLowerCase()}`,
      ),
    ];
    this.get('');
    const all = new Map<string, readonly string[]>();
    for (const key of [...KEYS.keys(), ...tagNames, ...(this.#extra ?? NONE).keys()]) {
      const values = this.get(key);
      if (values !== undefined) all.set(key, values);
    }
    this.#all = all;
    return all;
  }
}

type Key = (asking: Asking, extras: ContextExtras) => string | readonly string[] | undefined;

const NONE: ContextValues = new Map();
const NO_TAGS: ReadonlyMap<string, string> = new Map();
const PRINCIPAL_TAG = 'aws:principaltag/';
const RESOURCE_TAGS = ['aws:resourcetag/', 'iam:resourcetag/'];

const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['aws:currenttime', ({ nowMs }) => instant(nowMs)],
  ['aws:epochtime', ({ nowMs }) => String(Math.floor(nowMs / 1_000))],
  // Real STS offers HTTPS only; whether this emulator was asked without it is no business of policies.
  ['aws:securetransport', () => 'true'],
  ['aws:requestedregion', ({ endpointRegion }) => endpointRegion],
  ['aws:sourceip', ({ sourceIp }) => (sourceIp === '' ? undefined : sourceIp)],
  ['aws:useragent', ({ http }) => headerOf(http, 'user-agent')],
  ['aws:referer', ({ http }) => headerOf(http, 'referer')],
  ['aws:principalarn', ({ caller: { principal } }) => principal.roleArn ?? textOrNone(principal.arn)],
  ['aws:principalaccount', ({ caller }) => textOrNone(caller.principal.account)],
  ['aws:principaltype', ({ caller }) => PRINCIPAL_TYPES[caller.principal.kind]],
  ['aws:principalisawsservice', () => 'false'],
  ['aws:viaawsservice', () => 'false'],
  ['aws:userid', ({ caller }) => caller.principal.userId],
  ['aws:username', ({ caller }) => (caller.principal.kind === 'user' ? caller.holder?.name : undefined)],
  ['aws:principalorgid', ({ caller }) => caller.account?.organization?.id],
  ['aws:principalorgmasteraccountid', ({ caller }) => caller.account?.organization?.managementAccount],
  [
    'aws:principalorgpaths',
    ({ caller }) => {
      const path = caller.account?.organization?.path;
      return path === undefined ? undefined : [path];
    },
  ],
  // Of long-term keys nothing is said; of a session always, true or false.
  [
    'aws:multifactorauthpresent',
    ({ caller: { session } }) => session && String(session.mfaSeconds !== undefined),
  ],
  [
    'aws:multifactorauthage',
    ({ caller: { session }, nowMs }) =>
      session?.mfaSeconds === undefined ? undefined : String(Math.floor(nowMs / 1_000) - session.mfaSeconds),
  ],
  [
    'aws:tokenissuetime',
    ({ caller: { session } }) => (session === undefined ? undefined : instant(session.issuedSeconds * 1_000)),
  ],
  ['aws:sourceidentity', ({ caller }) => caller.session?.sourceIdentity],
  ['aws:federatedprovider', ({ caller }) => caller.session?.federation?.provider],
  ['saml:sub', ({ caller: { session } }) => samlOf(session, 'subject')],
  ['saml:aud', ({ caller: { session } }) => samlOf(session, 'audience')],
  ['aws:resourceaccount', (_asking, { resourceAccount }) => resourceAccount],
]);

const PRINCIPAL_TYPES: Readonly<Partial<Record<Caller['principal']['kind'], string>>> = {
  root: 'Account',
  user: 'User',
  'role-session': 'AssumedRole',
  'federated-user': 'FederatedUser',
  anonymous: 'Anonymous',
};

function textOrNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}

/** `2026-01-31T12:00:00Z`. */
function instant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

function samlOf(session: Caller['session'], member: 'subject' | 'audience'): string | undefined {
  return session?.federation?.kind === 'saml' ? session.federation[member] : undefined;
}

/** Of the issuer's claims a session keeps two: `issuer.example/path:sub` and `…:aud`. */
function oidcClaim({ session }: Caller, key: string): string | undefined {
  const federation = session?.federation;
  if (federation?.kind !== 'oidc') return undefined;
  const { provider, subject, audience } = federation;
  const issuer = provider.slice(provider.indexOf(OIDC_PROVIDER) + OIDC_PROVIDER.length).toLowerCase();
  if (!key.startsWith(issuer)) return undefined;
  const claim = key.slice(issuer.length);
  return claim === ':sub' ? subject : claim === ':aud' ? audience : undefined;
}

const OIDC_PROVIDER = ':oidc-provider/';

/** A session's own tags stand before those of its user or role. @param key In lower case. */
function principalTag({ session, holder }: Caller, key: string): string | undefined {
  return tagIn(session?.tags ?? NO_TAGS, key) ?? tagIn(holder?.tags ?? NO_TAGS, key);
}

function tagsOf({ session, holder }: Caller): (readonly [key: string, value: string])[] {
  return [...(session?.tags ?? []), ...(holder?.tags ?? [])];
}

function tagIn(tags: Iterable<readonly [key: string, value: string]>, key: string): string | undefined {
  for (const [name, value] of tags) if (name.toLowerCase() === key) return value;
  return undefined;
}
