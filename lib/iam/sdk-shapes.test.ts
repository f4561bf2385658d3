/**
 * Every action once, through AWS's own client: what it sends is understood, what it is answered it can read, no element
 * of an answer is one that its model does not have, and nothing that the model requires is missing.
 */

import * as sdk from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { totp } from '../identity/mfa.ts';
import { ACTIONS } from './actions/table.ts';
import { samlMetadata } from './saml-metadata.fixture.ts';
import { allowing, createIamDesk, type IamDesk, trusting } from './test-desk.ts';
import { managingOrganization } from './test-organization.ts';

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const ACCOUNT = 'arn:aws:iam::111122223333';
const APP = `${ACCOUNT}:user/app`;
const POLICY = `${ACCOUNT}:policy/team/reader`;
const OIDC = `${ACCOUNT}:oidc-provider/issuer.example/path`;
const SAML = `${ACCOUNT}:saml-provider/corp`;
const DEVICE = `${ACCOUNT}:mfa/phone`;
const TAGS = [{ Key: 'cost', Value: 'seven + more' }];

type Step = readonly [name: string, input: Readonly<Record<string, unknown>>];

/** In an order in which each can succeed. */
async function walk(desk: IamDesk): Promise<readonly Step[]> {
  const metadata = await samlMetadata();
  const key = desk.user('aws', 'app').accessKeyId;
  return [
    ['CreateUser', { UserName: 'alice', Tags: TAGS, PermissionsBoundary: ADMINISTRATOR }],
    ['GetUser', { UserName: 'alice' }],
    ['ListUsers', {}],
    ['TagUser', { UserName: 'alice', Tags: [{ Key: 'team', Value: '' }] }],
    ['ListUserTags', { UserName: 'alice' }],
    ['UntagUser', { UserName: 'alice', TagKeys: ['cost'] }],
    ['UpdateUser', { UserName: 'alice', NewUserName: 'bob', NewPath: '/people/' }],
    ['PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: ADMINISTRATOR }],
    ['DeleteUserPermissionsBoundary', { UserName: 'bob' }],
    ['CreateAccessKey', { UserName: 'bob' }],
    ['ListAccessKeys', { UserName: 'app' }],
    ['UpdateAccessKey', { UserName: 'app', AccessKeyId: key, Status: 'Inactive' }],
    ['GetAccessKeyLastUsed', { AccessKeyId: key }],
    ['DeleteAccessKey', { UserName: 'app', AccessKeyId: key }],
    ['CreateGroup', { GroupName: 'ops', Path: '/a/' }],
    ['AddUserToGroup', { GroupName: 'ops', UserName: 'bob' }],
    ['GetGroup', { GroupName: 'ops' }],
    ['ListGroups', { PathPrefix: '/a/' }],
    ['ListGroupsForUser', { UserName: 'bob' }],
    ['UpdateGroup', { GroupName: 'ops', NewGroupName: 'operators' }],
    ['CreateRole', { RoleName: 'worker', AssumeRolePolicyDocument: trusting(APP), Tags: TAGS }],
    ['GetRole', { RoleName: 'worker' }],
    ['ListRoles', {}],
    ['UpdateRole', { RoleName: 'worker', Description: 'works', MaxSessionDuration: 7_200 }],
    ['UpdateRoleDescription', { RoleName: 'worker', Description: 'works on' }],
    ['UpdateAssumeRolePolicy', { RoleName: 'worker', PolicyDocument: trusting(`${ACCOUNT}:root`) }],
    ['TagRole', { RoleName: 'worker', Tags: TAGS }],
    ['ListRoleTags', { RoleName: 'worker' }],
    ['UntagRole', { RoleName: 'worker', TagKeys: ['cost'] }],
    ['PutRolePermissionsBoundary', { RoleName: 'worker', PermissionsBoundary: ADMINISTRATOR }],
    ['DeleteRolePermissionsBoundary', { RoleName: 'worker' }],
    ['ListInstanceProfilesForRole', { RoleName: 'worker' }],
    ...inline('User', 'bob'),
    ...inline('Group', 'operators'),
    ...inline('Role', 'worker'),
    [
      'CreatePolicy',
      { PolicyName: 'reader', Path: '/team/', PolicyDocument: allowing('s3:Get*'), Tags: TAGS },
    ],
    ['GetPolicy', { PolicyArn: POLICY }],
    ['GetPolicy', { PolicyArn: ADMINISTRATOR }],
    ['ListPolicies', {}],
    ['TagPolicy', { PolicyArn: POLICY, Tags: TAGS }],
    ['ListPolicyTags', { PolicyArn: POLICY }],
    ['UntagPolicy', { PolicyArn: POLICY, TagKeys: ['cost'] }],
    ['CreatePolicyVersion', { PolicyArn: POLICY, PolicyDocument: allowing('s3:*') }],
    ['ListPolicyVersions', { PolicyArn: POLICY }],
    ['GetPolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' }],
    ['SetDefaultPolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' }],
    ['DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v1' }],
    ...['User', 'Group', 'Role'].map((noun): Step => [`Attach${noun}Policy`, held(noun)]),
    ['ListEntitiesForPolicy', { PolicyArn: POLICY }],
    ['GetAccountAuthorizationDetails', {}],
    ...['User', 'Group', 'Role'].flatMap((noun): Step[] => [
      [`ListAttached${noun}Policies`, { [`${noun}Name`]: HELD[noun] }],
      [`Detach${noun}Policy`, held(noun)],
    ]),
    ['DeletePolicy', { PolicyArn: POLICY }],
    [
      'CreateOpenIDConnectProvider',
      {
        Url: 'https://issuer.example/path',
        ClientIDList: ['one', 'two'],
        ThumbprintList: ['a'.repeat(40)],
        Tags: TAGS,
      },
    ],
    ['GetOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC }],
    ['ListOpenIDConnectProviders', {}],
    ['AddClientIDToOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, ClientID: 'three' }],
    ['RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, ClientID: 'one' }],
    [
      'UpdateOpenIDConnectProviderThumbprint',
      { OpenIDConnectProviderArn: OIDC, ThumbprintList: ['b'.repeat(40)] },
    ],
    ['TagOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, Tags: TAGS }],
    ['ListOpenIDConnectProviderTags', { OpenIDConnectProviderArn: OIDC }],
    ['UntagOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, TagKeys: ['cost'] }],
    ['DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC }],
    ['CreateSAMLProvider', { Name: 'corp', SAMLMetadataDocument: metadata, Tags: TAGS }],
    ['GetSAMLProvider', { SAMLProviderArn: SAML }],
    ['UpdateSAMLProvider', { SAMLProviderArn: SAML, SAMLMetadataDocument: metadata }],
    ['ListSAMLProviders', {}],
    ['TagSAMLProvider', { SAMLProviderArn: SAML, Tags: TAGS }],
    ['ListSAMLProviderTags', { SAMLProviderArn: SAML }],
    ['UntagSAMLProvider', { SAMLProviderArn: SAML, TagKeys: ['cost'] }],
    ['DeleteSAMLProvider', { SAMLProviderArn: SAML }],
    ['CreateVirtualMFADevice', { VirtualMFADeviceName: 'phone' }],
    ['EnableMFADevice', { UserName: 'bob', SerialNumber: DEVICE }],
    ['ListMFADevices', { UserName: 'bob' }],
    ['GetMFADevice', { UserName: 'bob', SerialNumber: DEVICE }],
    ['ListVirtualMFADevices', {}],
    ['ResyncMFADevice', { UserName: 'bob', SerialNumber: DEVICE }],
    ['DeactivateMFADevice', { UserName: 'bob', SerialNumber: DEVICE }],
    ['DeleteVirtualMFADevice', { SerialNumber: DEVICE }],
    ['GetAccountSummary', {}],
    ['ListAccountAliases', {}],
    ['SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: 'v2Token' }],
    ['EnableOutboundWebIdentityFederation', {}],
    ['GetOutboundWebIdentityFederationInfo', {}],
    ['DisableOutboundWebIdentityFederation', {}],
    ['EnableOrganizationsRootSessions', {}],
    ['ListOrganizationsFeatures', {}],
    ['DisableOrganizationsRootSessions', {}],
    ['RemoveUserFromGroup', { GroupName: 'operators', UserName: 'bob' }],
    ['DeleteGroup', { GroupName: 'operators' }],
    ['DeleteRole', { RoleName: 'worker' }],
    ['DeleteUser', { UserName: 'app' }],
  ];
}

const HELD: Readonly<Record<string, string>> = { User: 'bob', Group: 'operators', Role: 'worker' };

function held(noun: string): Readonly<Record<string, unknown>> {
  return { [`${noun}Name`]: HELD[noun], PolicyArn: POLICY };
}

function inline(noun: string, name: string): readonly Step[] {
  const of = { [`${noun}Name`]: name, PolicyName: 'own' };
  return [
    [`Put${noun}Policy`, { ...of, PolicyDocument: allowing('s3:Get*') }],
    [`Get${noun}Policy`, of],
    [`List${noun}Policies`, { [`${noun}Name`]: name }],
    [`Delete${noun}Policy`, of],
  ];
}

describe('AWS’s client', () => {
  test('sends every action and reads every answer, member by member', async () => {
    const desk = createIamDesk({ accounts: [managingOrganization()] });
    const iam = desk.iam();
    const done = new Set<string>();
    let seed = '';
    for (const [name, input] of await walk(desk)) {
      // Time enough for codes that have not been used.
      if (name.endsWith('MFADevice')) desk.passMs(60_000);
      const codes = name === 'EnableMFADevice' || name === 'ResyncMFADevice' ? codesOf(seed, desk) : {};
      const output = await iam.send(commandOf(name, { ...input, ...codes })).catch((cause: Error) => {
        throw new Error(`${name}: ${cause.message}`, { cause });
      });
      const problems = missingIn(outputSchemaOf(name), output, name);
      expect(problems).toEqual([]);
      if (name === 'CreateVirtualMFADevice') seed = seedOf(output);
      done.add(name);
    }
    const ours = [...ACTIONS.keys()].filter((name) => !name.startsWith('Regionfall'));
    expect([...done].sort()).toEqual(ours.sort());
  });

  test('finds no element in any answer that its model does not have', async () => {
    const desk = createIamDesk({ accounts: [managingOrganization()] });
    let seed = '';
    for (const [name, input] of await walk(desk)) {
      if (name.endsWith('MFADevice')) desk.passMs(60_000);
      const codes = name === 'EnableMFADevice' || name === 'ResyncMFADevice' ? codesOf(seed, desk) : {};
      const { body } = desk.query({ Action: name, ...flatten({ ...input, ...codes }) }).answer;
      const known = new Set([
        ...['member', 'entry', 'key', 'value', 'ResponseMetadata', 'RequestId'],
        ...[`${name}Response`, `${name}Result`, ...membersOf(outputSchemaOf(name))],
      ]);
      const elements = [...body.matchAll(/<([A-Za-z0-9]+)[ />]/g)].map(([, element = '']) => element);
      expect([name, elements.filter((element) => !known.has(element))]).toEqual([name, []]);
      seed = /<Base32StringSeed>([^<]+)/.exec(body)?.[1] ?? seed;
      if (name === 'CreateVirtualMFADevice') seed = Buffer.from(seed, 'base64').toString();
    }
  });
});

/** Structures of the client's schemas: kind, namespace, name, traits, member names, member schemas, required. */
type Schema = readonly [3, string, string, unknown, readonly string[], readonly unknown[], number?];

function commandOf(name: string, input: object): never {
  const exported = sdk as unknown as Record<string, new (input: object) => never>;
  const Command = exported[`${name}Command`];
  if (Command === undefined) throw new Error(`AWS’s client has no action ${name}`);
  return new Command(input);
}

function outputSchemaOf(name: string): Schema | undefined {
  const operation = (sdk as unknown as Record<string, readonly unknown[]>)[`${name}$`];
  return structureIn(operation?.[5]);
}

function structureIn(schema: unknown): Schema | undefined {
  const value: unknown = typeof schema === 'function' ? schema() : schema;
  if (!Array.isArray(value)) return undefined;
  if (value[0] === 3) return value as unknown as Schema;
  // A list, or a member with traits of its own.
  return value[0] === 1
    ? structureIn(value[4])
    : typeof value[0] === 'number'
      ? undefined
      : structureIn(value[0]);
}

function missingIn(schema: Schema | undefined, value: unknown, at: string): readonly string[] {
  if (schema === undefined || value === undefined) return [];
  const [, , , , names, members, required = 0] = schema;
  return names.flatMap((name, index) => {
    const member = (value as Record<string, unknown>)[name];
    // Our root user has no name, as AWS's has none; everything else that is required is there.
    if (member === undefined) return index < required ? [`${at}.${name}`] : [];
    const items: readonly unknown[] = Array.isArray(member) ? member : [member];
    return items.flatMap((item) => missingIn(structureIn(members[index]), item, `${at}.${name}`));
  });
}

function membersOf(schema: Schema | undefined, seen = new Set<Schema>()): readonly string[] {
  if (schema === undefined || seen.has(schema)) return [];
  seen.add(schema);
  const [, , , , names, members] = schema;
  return [...names, ...members.flatMap((member) => membersOf(structureIn(member), seen))];
}

function seedOf(output: unknown): string {
  const { VirtualMFADevice } = output as { VirtualMFADevice: { Base32StringSeed: Uint8Array } };
  return Buffer.from(VirtualMFADevice.Base32StringSeed).toString();
}

function codesOf(seed: string, desk: IamDesk): Readonly<Record<string, string>> {
  const now = desk.nowMs();
  return { AuthenticationCode1: totp(seed, now - 30_000), AuthenticationCode2: totp(seed, now) };
}

/** As the Query protocol spells lists and structures. */
function flatten(value: unknown, prefix = ''): Record<string, string> {
  if (Array.isArray(value)) {
    return Object.assign({}, ...value.map((item, index) => flatten(item, `${prefix}.member.${index + 1}`)));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.assign(
      {},
      ...Object.entries(value).map(([name, inner]) =>
        flatten(inner, prefix === '' ? name : `${prefix}.${name}`),
      ),
    );
  }
  return { [prefix]: String(value) };
}
