/**
 * Registered issuers of OpenID Connect. The emulator never calls an issuer: its keys come with the world's configuration,
 * or from the loopback address that a tag of ours on the provider names: see identity/oidc-keys.ts.
 */

import { oidcProviderArn } from '../../aws/arn.ts';
import type { Members } from '../../aws/query-answer.ts';
import { type Account, type OidcProvider, withEntry, withoutEntry } from '../../identity/state.ts';
import { action, arnIn, change, type IamAction, type IamCall, type Target } from '../action.ts';
import { alreadyExists, invalidInput, noSuchEntity, quotaExceeded, validationError } from '../errors.ts';
import { required, tags, text, textList } from '../fields.ts';
import { QUOTAS } from '../quotas.ts';
import { arn } from '../rules.ts';
import { date, listOf, tagList, tagMember } from '../shapes.ts';
import { tagActions, withTags } from '../tags.ts';

const clientIds = textList({ minimum: 1, maximum: 255 });
const thumbprints = textList({ minimum: 40, maximum: 40 });

const createProvider = action({
  name: 'CreateOpenIDConnectProvider',
  fields: {
    // RECORDED: the clause about the URL comes last.
    ClientIDList: clientIds,
    ThumbprintList: thumbprints,
    Url: text({ minimum: 1, maximum: 255 }),
    Tags: tags,
  },
  target: ({ Url }, { account }) => ({ arn: oidcProviderArn(account.partition, account.id, Url) }),
  run: ({ Url, ClientIDList = [], ThumbprintList = [], Tags = [] }, call) => {
    refuseMalformedUrl(Url);
    refuseTooManyThumbprints(ThumbprintList);
    if (ClientIDList.length > QUOTAS.clientIdsPerProvider) throw tooManyClientIds();
    const { id, partition } = call.account;
    const provider: OidcProvider = {
      arn: oidcProviderArn(partition, id, Url),
      url: Url,
      clientIds: [...new Set(ClientIDList)],
      thumbprints: ThumbprintList,
      createdMs: call.nowMs,
      tags: withTags(new Map(), Tags),
    };
    change(call, (account) => {
      if (account.oidcProviders.has(provider.arn)) {
        throw alreadyExists(`Provider with url ${Url} already exists.`);
      }
      if (account.oidcProviders.size >= QUOTAS.oidcProviders) {
        throw quotaExceeded('OpenIdConnectProvidersPerAccount', QUOTAS.oidcProviders);
      }
      return put(account, provider);
    });
    return [['OpenIDConnectProviderArn', provider.arn], tagMember(provider)];
  },
});

const getProvider = action({
  name: 'GetOpenIDConnectProvider',
  fields: { OpenIDConnectProviderArn: arn },
  target: ({ OpenIDConnectProviderArn }, call) => providerTarget(call, OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn }, { account }) => {
    const provider = theProvider(account, OpenIDConnectProviderArn);
    return [
      ['Url', provider.url.replace(/^https:\/\//, '')],
      ['ClientIDList', listOf(provider.clientIds, (each) => each)],
      ['ThumbprintList', listOf(provider.thumbprints, (each) => each)],
      ['CreateDate', date(provider.createdMs)],
      ['Tags', tagList(provider.tags)],
    ];
  },
});

const listProviders = action({
  name: 'ListOpenIDConnectProviders',
  fields: {},
  target: (_input, { account }) => ({ arn: arnIn(account, 'oidc-provider/*') }),
  run: (_input, { account }) => [
    ['OpenIDConnectProviderList', listOf(account.oidcProviders.keys(), (each): Members => [['Arn', each]])],
  ],
});

const deleteProvider = action({
  name: 'DeleteOpenIDConnectProvider',
  fields: { OpenIDConnectProviderArn: arn },
  target: ({ OpenIDConnectProviderArn }, call) => providerTarget(call, OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn }, call) => {
    change(call, (account) => {
      if (!account.oidcProviders.has(OpenIDConnectProviderArn)) {
        // RECORDED: in words of its own.
        throw noSuchEntity(`OpenId connect Provider ${OpenIDConnectProviderArn} cannot be found.`);
      }
      return { ...account, oidcProviders: withoutEntry(account.oidcProviders, OpenIDConnectProviderArn) };
    });
    return undefined;
  },
});

const addClientId = action({
  name: 'AddClientIDToOpenIDConnectProvider',
  fields: { OpenIDConnectProviderArn: arn, ClientID: text({ minimum: 1, maximum: 255 }) },
  target: ({ OpenIDConnectProviderArn }, call) => providerTarget(call, OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn, ClientID }, call) => {
    change(call, (account) => {
      const provider = theProvider(account, OpenIDConnectProviderArn);
      if (provider.clientIds.includes(ClientID)) return account;
      if (provider.clientIds.length >= QUOTAS.clientIdsPerProvider) throw tooManyClientIds();
      return put(account, { ...provider, clientIds: [...provider.clientIds, ClientID] });
    });
    return undefined;
  },
});

/** DOCS: removing one that is not there is no error. */
const removeClientId = action({
  name: 'RemoveClientIDFromOpenIDConnectProvider',
  fields: { OpenIDConnectProviderArn: arn, ClientID: text({ minimum: 1, maximum: 255 }) },
  target: ({ OpenIDConnectProviderArn }, call) => providerTarget(call, OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn, ClientID }, call) => {
    change(call, (account) => {
      const provider = theProvider(account, OpenIDConnectProviderArn);
      return put(account, { ...provider, clientIds: provider.clientIds.filter((id) => id !== ClientID) });
    });
    return undefined;
  },
});

const updateThumbprint = action({
  name: 'UpdateOpenIDConnectProviderThumbprint',
  fields: { OpenIDConnectProviderArn: arn, ThumbprintList: required(thumbprints) },
  target: ({ OpenIDConnectProviderArn }, call) => providerTarget(call, OpenIDConnectProviderArn),
  run: ({ OpenIDConnectProviderArn, ThumbprintList }, call) => {
    refuseTooManyThumbprints(ThumbprintList);
    change(call, (account) =>
      put(account, { ...theProvider(account, OpenIDConnectProviderArn), thumbprints: ThumbprintList }),
    );
    return undefined;
  },
});

export const OIDC_PROVIDER_ACTIONS: readonly IamAction[] = [
  createProvider,
  getProvider,
  listProviders,
  deleteProvider,
  addClientId,
  removeClientId,
  updateThumbprint,
  ...tagActions({
    noun: 'OpenIDConnectProvider',
    parameter: 'OpenIDConnectProviderArn',
    id: arn,
    target: providerTarget,
    tagsOf: (account, providerArn) => theProvider(account, providerArn).tags,
    put: (account, providerArn, tagged) =>
      put(account, { ...theProvider(account, providerArn), tags: tagged }),
  }),
];

/** RECORDED. @throws {Refusal} NoSuchEntity. */
function theProvider({ oidcProviders }: Account, providerArn: string): OidcProvider {
  const provider = oidcProviders.get(providerArn);
  if (provider === undefined) {
    throw noSuchEntity(`OpenIDConnect Provider not found for arn ${providerArn}`);
  }
  return provider;
}

function put(account: Account, provider: OidcProvider): Account {
  return { ...account, oidcProviders: withEntry(account.oidcProviders, provider.arn, provider) };
}

function providerTarget({ account }: IamCall, providerArn: string): Target {
  return account.oidcProviders.get(providerArn) ?? { arn: providerArn };
}

/** DOCS: `https`, and no query. RECORDED for the words. */
function refuseMalformedUrl(url: string): void {
  const parsed = URL.parse(url);
  const fits =
    parsed?.protocol === 'https:' && parsed.search === '' && parsed.hash === '' && parsed.username === '';
  if (!fits || !url.startsWith('https://')) throw validationError('Invalid Open ID Connect Provider URL');
}

/** RECORDED. */
function refuseTooManyThumbprints(list: readonly string[]): void {
  if (list.length > 5) throw invalidInput('Thumbprint list must contain fewer than 5 entries.');
}

function tooManyClientIds(): Error {
  return quotaExceeded('ClientIdsPerOpenIdConnectProvider', QUOTAS.clientIdsPerProvider);
}
