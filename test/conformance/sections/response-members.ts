/** What answers hold: the members of each action's result in their order, in XML and in JSON, and what stands in them. */

import assert from 'node:assert/strict';
import { askFor, tagParameters } from '../../../lib/sts/actions/test-accounts.ts';
import { sealMessage } from '../../../lib/sts/authorization-message.ts';
import { NOON_MS, withHeader } from '../../../lib/sts/test-desk.ts';
import { assertAccepted, calling, membersInXml, type Parameters, textIn } from '../answers.ts';
import { createEightPartitions, type Side } from '../eight-partitions.ts';
import { createIdentityProvider } from '../identity-provider.ts';
import { type Section, tally } from '../ledger.ts';
import { readServiceModel, type ServiceModel } from '../service-model.ts';

export const responseMembers: Section = {
  title: 'Members of answers',
  behaviours: async () => {
    const world = createWorld(createEightPartitions(await createIdentityProvider()));
    const model = readServiceModel();
    return [
      {
        id: 'members.order',
        behaviour: 'each action answers with its members in the order of the real service',
        source:
          'probes of the real regional endpoint, July 2026, for AssumeRole and GetCallerIdentity; smithy-lang/smithy-rs for web identity; the model and the API reference for the others',
        status: 'documented',
        check: () => tally(ANSWERS, (answer) => inOrder(world, answer)),
        atLeast: 20,
      },
      {
        id: 'members.model',
        behaviour: 'no answer has a member that the model does not know, and none lacks one that it demands',
        source: 'botocore service-2.json; @aws-sdk/client-sts 3.1173.0 for what came later',
        status: 'modelled',
        check: () => ('skip' in model ? model : tally(ANSWERS, (answer) => asModelled(world, answer, model))),
        atLeast: 'skip' in model ? 0 : 20,
      },
      {
        id: 'members.json',
        behaviour: 'in JSON an answer has the same members, times as numbers of seconds',
        source: 'double-break/spapi-php issue 45; localstack/localstack',
        status: 'recorded',
        check: () => tally(ANSWERS, (answer) => sameInJson(world, answer)),
        atLeast: 20,
      },
      {
        id: 'members.values',
        behaviour: 'key ids, secrets, tokens, ids and times have the form of real ones',
        source: 'IAM User Guide, IAM identifiers; probes of the real regional endpoint, July 2026',
        status: 'recorded',
        check: () => tally(ANSWERS, (answer) => wellFormed(world, answer)),
        atLeast: 20,
      },
      {
        id: 'members.packed-policy-size',
        behaviour:
          'PackedPolicySize is there and as large as recorded, or absent where AssumeRole has nothing to tell',
        source: 'localstack/localstack, recorded 2024-06-05 and 2026-02-09; DataDog/stratus-red-team',
        status: 'recorded',
        check: () => tally(PACKED, (packed) => packedAsRecorded(world, packed)),
        atLeast: 6,
      },
    ];
  },
};

type World = ReturnType<typeof createWorld>;

/** Partition aws, with outbound federation enabled and a denial to explain. */
function createWorld({ desk, sides }: ReturnType<typeof createEightPartitions>) {
  const side = sides[0];
  if (side === undefined) throw new Error('no partition');
  const { id } = side.account;
  desk.identity.plane.change(id, (account) => ({
    ...account,
    settings: { ...account.settings, outboundIssuer: '01234567-89ab-4def-8123-456789abcdef' },
  }));
  const denial = sealMessage('{"allowed":false}', desk.identity.keysOf('aws').sessionTokens, id);
  const ask = (answer: AnswerCase, json = false) => {
    const own = answer.action === 'DecodeAuthorizationMessage' ? { EncodedMessage: denial ?? '' } : {};
    const parameters = { ...side.parameters[answer.action], ...own, ...answer.more };
    return desk.ask({
      credentials: credentialsOf(side, answer.by),
      parameters: calling(answer.action, parameters),
      host: side.host,
      alter: (http) => (json ? withHeader(http, 'accept', 'application/json') : http),
    });
  };
  return { desk, side, ask };
}

function credentialsOf({ holders }: Side, kind = 'user') {
  const holder = holders.find((candidate) => candidate.kind === kind);
  if (holder === undefined) throw new Error(`nobody is a ${kind}`);
  return holder.credentials;
}

interface AnswerCase {
  readonly name: string;
  readonly action: string;
  readonly by?: string;
  readonly more?: Parameters;
  readonly members: string;
}

const CREDENTIALS =
  'Credentials Credentials.AccessKeyId Credentials.SecretAccessKey Credentials.SessionToken Credentials.Expiration';
const ROLE_USER = 'AssumedRoleUser AssumedRoleUser.AssumedRoleId AssumedRoleUser.Arn';
const SIZES = 'SessionTokenUtilization SessionTokenSize';
const SCOPED = `${CREDENTIALS} SessionInfo SessionInfo.ScopedSessionId SessionInfo.Arn ${SIZES} ScopedPoliciesCount`;
const POLICY = {
  Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
};
const JANE = { SourceIdentity: 'Jane' };

function answer(action: string, members: string, more: Parameters = {}, by = 'user'): AnswerCase {
  const given = Object.keys(more).filter((name) => !name.includes('.Value'));
  return {
    name: `${action} by ${by}${given.length > 0 ? ` with ${given.join()}` : ''}`,
    action,
    members,
    more,
    by,
  };
}

const ANSWERS: readonly AnswerCase[] = [
  answer('AssumeRole', `${ROLE_USER} ${CREDENTIALS} ${SIZES}`),
  answer('AssumeRole', `${ROLE_USER} ${CREDENTIALS} ${SIZES}`, {}, 'role session'),
  answer('AssumeRole', `${ROLE_USER} ${CREDENTIALS} SourceIdentity ${SIZES}`, JANE),
  answer('AssumeRole', `${ROLE_USER} ${CREDENTIALS} PackedPolicySize ${SIZES}`, POLICY),
  answer(
    'AssumeRole',
    `${ROLE_USER} ${CREDENTIALS} PackedPolicySize ${SIZES}`,
    tagParameters([['team', 'a']]),
  ),
  answer('AssumeRole', `${ROLE_USER} ${CREDENTIALS} SourceIdentity PackedPolicySize ${SIZES}`, {
    ...JANE,
    ...POLICY,
  }),
  answer(
    'AssumeRoleWithWebIdentity',
    `Audience ${ROLE_USER} Provider ${CREDENTIALS} SubjectFromWebIdentityToken ${SIZES}`,
  ),
  answer(
    'AssumeRoleWithWebIdentity',
    `Audience ${ROLE_USER} Provider ${CREDENTIALS} SubjectFromWebIdentityToken PackedPolicySize ${SIZES}`,
    POLICY,
  ),
  answer(
    'AssumeRoleWithSAML',
    `Issuer ${ROLE_USER} ${CREDENTIALS} Audience SubjectType NameQualifier Subject ${SIZES}`,
  ),
  answer(
    'AssumeRoleWithSAML',
    `Issuer ${ROLE_USER} ${CREDENTIALS} Audience SubjectType PackedPolicySize NameQualifier Subject ${SIZES}`,
    POLICY,
  ),
  answer('AssumeRoot', `${CREDENTIALS} ${SIZES}`, {}, 'administrator'),
  answer('DecodeAuthorizationMessage', 'DecodedMessage'),
  answer('GetAccessKeyInfo', 'Account'),
  ...['user', 'root', 'role session', 'federated user', 'user session', 'scoped session'].map((by) =>
    answer('GetCallerIdentity', 'Arn UserId Account', {}, by),
  ),
  ...['user', 'root'].map((by) =>
    answer(
      'GetFederationToken',
      `${CREDENTIALS} FederatedUser FederatedUser.FederatedUserId FederatedUser.Arn PackedPolicySize ${SIZES}`,
      {},
      by,
    ),
  ),
  answer('GetScopedCredentials', SCOPED, {}, 'role session'),
  answer('GetScopedCredentials', SCOPED, POLICY, 'user session'),
  answer('GetSessionToken', `${CREDENTIALS} ${SIZES}`),
  answer('GetSessionToken', `${CREDENTIALS} ${SIZES}`, {}, 'root'),
  answer('GetWebIdentityToken', 'WebIdentityToken Expiration'),
];

function inOrder({ ask }: World, one: AnswerCase): void {
  const answered = ask(one);
  assertAccepted(answered);
  assert.deepEqual(membersInXml(answered.body, one.action), one.members.split(' '));
}

/** Members of June 2026 and later, which botocore 1.43.107 does not know. */
const LATER = ['SessionTokenUtilization', 'SessionTokenSize'];

function asModelled({ ask }: World, one: AnswerCase, model: ServiceModel): void {
  if (!model.actions.includes(one.action)) return;
  const members = membersInXml(ask(one).body, one.action);
  const known = new Set([...model.resultMembers(one.action), ...LATER]);
  assert.deepEqual(
    members.filter((member) => !known.has(member)),
    [],
    'not in the model',
  );
  const demanded = model
    .requiredInResult(one.action)
    .filter((member) => members.includes(member.slice(0, member.lastIndexOf('.'))));
  assert.deepEqual(
    demanded.filter((member) => !members.includes(member)),
    [],
    'missing',
  );
}

function sameInJson({ ask }: World, one: AnswerCase): void {
  const { body, served } = ask(one, true);
  assert.equal(served.answer.status, 200, body);
  const response = (JSON.parse(body) as Record<string, Record<string, unknown>>)[`${one.action}Response`];
  assert.deepEqual(Object.keys(response ?? {}), [`${one.action}Result`, 'ResponseMetadata']);
  const members: string[] = [];
  const visit = (object: object, path: string): void => {
    for (const [name, value] of Object.entries(object)) {
      members.push(path + name);
      if (typeof value === 'object') visit(value, `${path}${name}.`);
      if (name === 'Expiration') assert.ok(Number.isInteger(value) && value > NOON_MS / 1_000, `${value}`);
      if (NUMBERS.has(name)) assert.equal(typeof value, 'number', name);
    }
  };
  visit(response?.[`${one.action}Result`] ?? {}, '');
  assert.deepEqual(members, one.members.split(' '));
}

const NUMBERS = new Set(['PackedPolicySize', 'ScopedPoliciesCount', ...LATER]);

const FORMS: Readonly<Record<string, RegExp>> = {
  AccessKeyId: /^ASIA[A-Z2-7]{16}$/,
  SecretAccessKey: /^[A-Za-z0-9/+]{40}$/,
  SessionToken: /^[A-Za-z0-9/+]{200,4096}={0,2}$/,
  Expiration: /^2026-11-2\dT\d\d:\d\d:\d\dZ$/,
  AssumedRoleId: /^AROA[A-Z0-9]{17}:[\w+=,.@-]{2,64}$/,
  Arn: /^arn:aws:(?:iam|sts)::\d{12}:(?:root|user\/app|assumed-role\/app\/[\w-]+|federated-user\/Bob)$/,
  UserId: /^(?:\d{12}|AIDA[A-Z0-9]{17}|AROA[A-Z0-9]{17}:[\w-]+|\d{12}:Bob)$/,
  Account: /^\d{12}$/,
  FederatedUserId: /^\d{12}:Bob$/,
  NameQualifier: /^[A-Za-z0-9/+]{27}=$/,
  SubjectType: /^persistent$/,
  WebIdentityToken: /^[\w-]+\.[\w-]+\.[\w-]+$/,
};

function wellFormed({ ask }: World, one: AnswerCase): void {
  const { body } = ask(one);
  for (const member of one.members.split(' ')) {
    const name = member.slice(member.lastIndexOf('.') + 1);
    const form = FORMS[name];
    if (form !== undefined) assert.match(textIn(body, name) ?? '', form, name);
  }
  assert.match(
    body,
    new RegExp(`^<${one.action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">\\n`),
  );
  assert.ok(body.endsWith(`  </ResponseMetadata>\n</${one.action}Response>\n`));
}

interface Packed {
  readonly name: string;
  readonly action: string;
  readonly more: Parameters;
  readonly percent: string | undefined;
}

/** 163 characters, as in the recording. */
const TWO_ACTIONS =
  '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], ' +
  '"Resource": "arn:aws:s3:::reports-of-the-quarter/2026/*"}]}';

const PACKED: readonly Packed[] = [
  { name: 'AssumeRole with nothing', action: 'AssumeRole', more: {}, percent: undefined },
  {
    name: 'AssumeRole with a source identity',
    action: 'AssumeRole',
    more: JANE,
    percent: undefined,
  },
  {
    name: 'AssumeRole with a policy of 163 characters',
    action: 'AssumeRole',
    more: { Policy: TWO_ACTIONS },
    percent: '16',
  },
  { name: 'GetFederationToken with nothing', action: 'GetFederationToken', more: {}, percent: '0' },
  {
    name: 'GetFederationToken with a policy of 163 characters',
    action: 'GetFederationToken',
    more: { Policy: TWO_ACTIONS },
    percent: '16',
  },
  {
    name: 'GetFederationToken with a policy that allows all, on several lines',
    action: 'GetFederationToken',
    more: { Policy: JSON.stringify(JSON.parse(POLICY.Policy), undefined, '\t\t') },
    percent: '4',
  },
];

function packedAsRecorded({ desk, side }: World, { action, more, percent }: Packed): void {
  const { body } = askFor(
    desk,
    action,
    { ...side.parameters[action], ...more },
    credentialsOf(side),
    side.host,
  );
  assert.equal(textIn(body, 'PackedPolicySize'), percent, body);
}
