/** Partitions: no credential of one works in any other, and each works in all Regions of its own. */

import assert from 'node:assert/strict';
import { GLOBAL_ENDPOINT, regionalHost } from '../../../lib/aws/endpoints.ts';
import { PARTITIONS } from '../../../lib/aws/partitions.ts';
import { REGIONS } from '../../../lib/aws/regions.ts';
import { ACTIONS } from '../../../lib/sts/actions/table.ts';
import { askFor } from '../../../lib/sts/actions/test-accounts.ts';
import { separateKeys, sessionOf } from '../../../lib/sts/test-desk.ts';
import { assertAccepted, assertError, INVALID_TOKEN, textIn } from '../answers.ts';
import { createEightPartitions, type EightPartitions, type Holder, type Side } from '../eight-partitions.ts';
import { createIdentityProvider } from '../identity-provider.ts';
import { type Section, type Tally, tally } from '../ledger.ts';

export const partitions: Section = {
  title: 'Partitions',
  behaviours: async () => {
    const provider = await createIdentityProvider();
    const regions = REGIONS.map(({ id }) => id);
    const world = createEightPartitions(provider, { regions });
    const walls = (of: EightPartitions): Promise<Tally> =>
      tally(crossingsOf(of), (crossing) => stopped(of, crossing));
    return [
      {
        id: 'partitions.crossings',
        behaviour: 'every kind of credential of each partition is unknown to every action in each other one',
        source:
          'AWS Fault Isolation Boundaries; iterate-ch/cyberduck issue 18336; BerriAI/litellm issue 38747',
        status: 'recorded',
        check: () => walls(world),
        atLeast: 8 * 7 * 10 * 12,
      },
      {
        id: 'partitions.identity-providers',
        behaviour: 'nor does an identity provider of one partition open a role in, or from, any other',
        source: 'AWS Fault Isolation Boundaries',
        status: 'documented',
        check: () => tally(federationsOf(world), (federation) => notFederated(world, federation)),
        atLeast: 8 * 7 * 4,
      },
      {
        id: 'partitions.role-arn',
        behaviour: 'a role of another partition is refused at home, in the usual words',
        source: 'corymhall/cdk-diff-action issue 70; org-formation/org-formation-cli issue 617',
        status: 'recorded',
        check: () => tally(rolesElsewhere(world), (crossing) => deniedAtHome(world, crossing)),
        atLeast: 8 * 7 * 10,
      },
      {
        id: 'partitions.hole',
        behaviour:
          'the counting would notice: with one key for two partitions it finds crossings between them',
        source: 'a check of the checks',
        status: 'modelled',
        check: async () => {
          const keys = separateKeys();
          const holed = createEightPartitions(provider, { sealKeys: { ...keys, 'aws-us-gov': keys.aws } });
          const { failures } = await walls(holed);
          const between = failures.filter(({ check }) =>
            /^(?:aws to aws-us-gov|aws-us-gov to aws):/.test(check),
          );
          assert.ok(between.length > 200, `found ${between.length} crossings`);
          assert.equal(failures.length, between.length, 'found some where there is no hole');
        },
      },
      {
        id: 'partitions.regions',
        behaviour: 'credentials issued in any Region work in every other of the partition',
        source: 'IAM User Guide, Manage AWS STS in an AWS Region',
        status: 'documented',
        check: () => tally(ISSUED_AND_USED, travelling(world)),
        atLeast: 36 * 36 + 5 * 4 + 2,
      },
      {
        id: 'partitions.version-1',
        behaviour:
          'tokens of the global endpoint are good where every account is, and unknown in opt-in Regions',
        source: 'nccgroup/ScoutSuite issue 1389; segmentio/aws-okta issue 225',
        status: 'recorded',
        check: () => tally(COMMERCIAL, versionOneIn(world)),
        atLeast: 36,
      },
    ];
  },
};

interface Crossing {
  readonly name: string;
  readonly from: Side;
  readonly to: Side;
  readonly holder: Holder;
  readonly action: string;
}

function* pairsOf({ sides }: EightPartitions): Generator<readonly [from: Side, to: Side]> {
  for (const from of sides) for (const to of sides) if (from !== to) yield [from, to];
}

function* crossingsOf(world: EightPartitions): Generator<Crossing> {
  for (const [from, to] of pairsOf(world)) {
    for (const holder of from.holders) {
      for (const action of ACTIONS.keys()) {
        const name = `${from.partition} to ${to.partition}: ${action} by ${holder.kind}`;
        yield { name, from, to, holder, action };
      }
    }
  }
}

/** Actions that nobody signs are asked for the caller's own side: what counts is whether anything is issued. */
function stopped({ desk }: EightPartitions, { from, to, holder, action }: Crossing): void {
  const unsigned = ACTIONS.get(action)?.unsigned === true;
  const { parameters } = unsigned ? from : to;
  const answer = askFor(desk, action, parameters[action], holder.credentials, to.host);
  if (unsigned) assertNothingIssued(answer);
  else assertError(answer, INVALID_TOKEN);
}

function assertNothingIssued(answer: ReturnType<EightPartitions['desk']['ask']>): void {
  assert.notEqual(answer.served.answer.status, 200, 'issued credentials');
  assert.equal(textIn(answer.body, 'SessionToken'), undefined);
}

interface Federation {
  readonly name: string;
  readonly at: Side;
  readonly of: Side;
  readonly provider: Side;
  readonly action: 'AssumeRoleWithSAML' | 'AssumeRoleWithWebIdentity';
}

/** The issuer is the same everywhere and every account has registered it: only the partition is in the way. */
function* federationsOf(world: EightPartitions): Generator<Federation> {
  for (const [here, there] of pairsOf(world)) {
    const pair = `${here.partition}, ${there.partition}`;
    const of = there;
    for (const action of ['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'] as const) {
      yield { name: `${pair}: ${action} of a role there, asked here`, at: here, of, provider: there, action };
    }
    // A response names the provider's side; a token of web identity names none.
    const action = 'AssumeRoleWithSAML';
    const name = `${pair}: a role there by a provider here`;
    yield { name: `${name}, asked here`, at: here, of, provider: here, action };
    yield { name: `${name}, asked there`, at: there, of, provider: here, action };
  }
}

function notFederated({ desk }: EightPartitions, { at, of, provider, action }: Federation): void {
  const parameters = { ...provider.parameters[action], RoleArn: of.roleArn };
  assertNothingIssued(askFor(desk, action, parameters, 'none', at.host));
}

function* rolesElsewhere(world: EightPartitions): Generator<Crossing> {
  for (const [from, to] of pairsOf(world)) {
    for (const holder of from.holders) {
      const name = `${from.partition} to ${to.partition}: by ${holder.kind}`;
      yield { name, from, to, holder, action: 'AssumeRole' };
    }
  }
}

function deniedAtHome({ desk }: EightPartitions, { from, to, holder, action }: Crossing): void {
  const answer = askFor(desk, action, to.parameters[action], holder.credentials, from.host);
  const { arn = '' } = desk.ask({ host: from.host, credentials: holder.credentials });
  const message = arn.endsWith(':root')
    ? 'Roles may not be assumed by root accounts.'
    : `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${to.roleArn}`;
  assertError(answer, { status: 403, code: 'AccessDenied', message });
}

interface Travel {
  readonly name: string;
  readonly side: number;
  readonly issuedIn: string;
  readonly usedIn: string;
}

const ISSUED_AND_USED: readonly Travel[] = PARTITIONS.flatMap(({ regions }, side) =>
  regions.flatMap(({ id: issuedIn }) =>
    regions.map(({ id: usedIn }) => ({ name: `${issuedIn} to ${usedIn}`, side, issuedIn, usedIn })),
  ),
);

function travelling({ desk, sides }: EightPartitions) {
  return ({ side, issuedIn, usedIn }: Travel): void => {
    const { partition, roleArn, parameters } = sides[side] ?? found();
    const credentials = sessionOf(
      askFor(
        desk,
        'AssumeRole',
        parameters['AssumeRole'],
        desk.credentials(partition, 'app'),
        regionalHost(issuedIn),
      ),
    );
    const answer = desk.ask({ host: regionalHost(usedIn), credentials });
    assertAccepted(answer);
    assert.equal(answer.arn?.split('/')[1], roleArn.split('/')[1]);
  };
}

const COMMERCIAL = REGIONS.filter(({ partition }) => partition === 'aws').map((region) => ({
  ...region,
  name: region.id,
}));

function versionOneIn({ desk, sides }: EightPartitions) {
  const aws = sides[0] ?? found();
  const app = desk.credentials('aws', 'app');
  const credentials = sessionOf(
    askFor(desk, 'AssumeRole', aws.parameters['AssumeRole'], app, GLOBAL_ENDPOINT.host),
  );
  return ({ id, enabledBy }: (typeof COMMERCIAL)[number]): void => {
    const answer = desk.ask({ host: regionalHost(id), credentials });
    if (enabledBy === 'opt-in') assertError(answer, INVALID_TOKEN);
    else assertAccepted(answer);
  };
}

function found(): never {
  throw new Error('the world lacks it');
}
