/** Registered identity providers of SAML, each with its metadata. */

import { createHash } from 'node:crypto';
import { samlProviderArn } from '../../aws/arn.ts';
import { type Account, type SamlProvider, withEntry, withoutEntry } from '../../identity/state.ts';
import { readSamlMetadata, samlTrustOf } from '../../sts/federation/saml-metadata.ts';
import { action, arnIn, change, type IamAction, type IamCall, type Target } from '../action.ts';
import { alreadyExists, invalidInput, noSuchEntity, quotaExceeded } from '../errors.ts';
import { optionalText, tags, text } from '../fields.ts';
import { QUOTAS } from '../quotas.ts';
import { arn } from '../rules.ts';
import { date, listOf, tagList, tagMember } from '../shapes.ts';
import { tagActions, withTags } from '../tags.ts';

const METADATA = { minimum: 1_000, maximum: 10_000_000 };

const createProvider = action({
  name: 'CreateSAMLProvider',
  fields: {
    SAMLMetadataDocument: text(METADATA),
    Name: text({ minimum: 1, maximum: 128, pattern: /^[\w._-]+$/, printed: '[\\w._-]+' }),
    Tags: tags,
  },
  target: ({ Name }, { account }) => ({ arn: samlProviderArn(account.partition, account.id, Name) }),
  run: ({ SAMLMetadataDocument, Name, Tags = [] }, call) => {
    refuseOtherThanMetadata(SAMLMetadataDocument);
    const provider: SamlProvider = {
      arn: samlProviderArn(call.account.partition, call.account.id, Name),
      name: Name,
      metadata: SAMLMetadataDocument,
      createdMs: call.nowMs,
      tags: withTags(new Map(), Tags),
    };
    change(call, (account) => {
      if (account.samlProviders.has(provider.arn)) {
        // GUESSED.
        throw alreadyExists(`Provider with name ${Name} already exists.`);
      }
      if (account.samlProviders.size >= QUOTAS.samlProviders) {
        throw quotaExceeded('SAMLProvidersPerAccount', QUOTAS.samlProviders);
      }
      return put(account, provider);
    });
    return [['SAMLProviderArn', provider.arn], tagMember(provider)];
  },
});

const getProvider = action({
  name: 'GetSAMLProvider',
  fields: { SAMLProviderArn: arn },
  target: ({ SAMLProviderArn }, call) => providerTarget(call, SAMLProviderArn),
  run: ({ SAMLProviderArn }, { account }) => {
    const provider = theProvider(account, SAMLProviderArn);
    return [
      ['SAMLProviderUUID', uuidOf(provider)],
      ['SAMLMetadataDocument', provider.metadata],
      ['CreateDate', date(provider.createdMs)],
      ['ValidUntil', date(validUntilMs(provider))],
      ['Tags', tagList(provider.tags)],
      ['AssertionEncryptionMode', 'Allowed'],
      ['PrivateKeyList', { list: [] }],
    ];
  },
});

/** Encrypted assertions are not taken, so that there are no private keys to change. */
const updateProvider = action({
  name: 'UpdateSAMLProvider',
  fields: { SAMLMetadataDocument: optionalText(METADATA), SAMLProviderArn: arn },
  target: ({ SAMLProviderArn }, call) => providerTarget(call, SAMLProviderArn),
  run: ({ SAMLMetadataDocument, SAMLProviderArn }, call) => {
    if (SAMLMetadataDocument !== undefined) refuseOtherThanMetadata(SAMLMetadataDocument);
    change(call, (account) => {
      const provider = theProvider(account, SAMLProviderArn);
      return put(account, { ...provider, metadata: SAMLMetadataDocument ?? provider.metadata });
    });
    return [['SAMLProviderArn', SAMLProviderArn]];
  },
});

const listProviders = action({
  name: 'ListSAMLProviders',
  fields: {},
  target: (_input, { account }) => ({ arn: arnIn(account, 'saml-provider/*') }),
  run: (_input, { account }) => [
    [
      'SAMLProviderList',
      listOf(account.samlProviders.values(), (provider) => [
        ['Arn', provider.arn],
        ['ValidUntil', date(validUntilMs(provider))],
        ['CreateDate', date(provider.createdMs)],
      ]),
    ],
  ],
});

const deleteProvider = action({
  name: 'DeleteSAMLProvider',
  fields: { SAMLProviderArn: arn },
  target: ({ SAMLProviderArn }, call) => providerTarget(call, SAMLProviderArn),
  run: ({ SAMLProviderArn }, call) => {
    change(call, (account) => {
      theProvider(account, SAMLProviderArn);
      return { ...account, samlProviders: withoutEntry(account.samlProviders, SAMLProviderArn) };
    });
    return undefined;
  },
});

export const SAML_PROVIDER_ACTIONS: readonly IamAction[] = [
  createProvider,
  getProvider,
  updateProvider,
  listProviders,
  deleteProvider,
  ...tagActions({
    noun: 'SAMLProvider',
    parameter: 'SAMLProviderArn',
    id: arn,
    target: providerTarget,
    tagsOf: (account, providerArn) => theProvider(account, providerArn).tags,
    put: (account, providerArn, tagged) =>
      put(account, { ...theProvider(account, providerArn), tags: tagged }),
  }),
];

/** RECORDED. @throws {Refusal} NoSuchEntity. */
function theProvider({ samlProviders }: Account, providerArn: string): SamlProvider {
  const provider = samlProviders.get(providerArn);
  if (provider === undefined) throw noSuchEntity(`Manifest not found for arn ${providerArn}`);
  return provider;
}

function put(account: Account, provider: SamlProvider): Account {
  return { ...account, samlProviders: withEntry(account.samlProviders, provider.arn, provider) };
}

function providerTarget({ account }: IamCall, providerArn: string): Target {
  return account.samlProviders.get(providerArn) ?? { arn: providerArn };
}

/** COMMON for the words. */
function refuseOtherThanMetadata(document: string): void {
  if (readSamlMetadata(document) === undefined) throw invalidInput('Could not parse metadata');
}

/** A century where the metadata sets itself no end, as IAM has it. */
function validUntilMs(provider: SamlProvider): number {
  return samlTrustOf(provider)?.validUntilMs ?? provider.createdMs + 100 * 365.25 * 86_400_000;
}

function uuidOf({ arn: providerArn, createdMs }: SamlProvider): string {
  return createHash('sha256').update(`${providerArn} ${createdMs}`).digest('hex').slice(0, 24).toUpperCase();
}
