/**
 * The evaluator against another one, written from the documentation without regard to speed: the same verdict and the
 * same statements for 100,000 random cases. A failure prints the case, and the seed makes it again.
 */

import { describe, expect, it } from 'vitest';
import type { PartitionName } from '../../aws/partitions.ts';
import { createRandom } from '../../time/random.ts';
import { type Authorities, authorize, explain } from './authorize.ts';
import { OPERATORS, SAVED } from './case-pools.fixture.ts';
import { contextValues } from './context.ts';
import { type PolicyKind, type PolicyText, parsePolicy } from './document.ts';
import type { PolicyRequest } from './evaluate.ts';
import {
  type NaiveCaller,
  type NaiveDocument,
  type NaivePolicies,
  type NaiveRequest,
  naiveAnswer,
  type Tally,
} from './naive-evaluator.fixture.ts';
import type { PrincipalFacts } from './principal.ts';
import { randomPolicies } from './random-policies.fixture.ts';
import { randomRequest } from './random-requests.fixture.ts';

const SEED = 'policies 4';
const WORLDS = 6250;
const REQUESTS_PER_WORLD = 16;

describe('two evaluators', () => {
  const tally: Tally = new Map();
  const verdicts = { allowed: 0, denied: 0, 'not allowed': 0 };

  it('agree on 100,000 random cases', () => {
    const random = createRandom(SEED);
    for (let world = 0; world < WORLDS; world += 1) {
      const policies = randomPolicies(random);
      const authorities = authoritiesOf(policies);
      for (let count = 0; count < REQUESTS_PER_WORLD; count += 1) {
        const request = randomRequest(random, policies);
        const naive = naiveAnswer(policies, request, tally);
        verdicts[naive.verdict] += 1;
        const asked = requestOf(request);
        const explained = explain({ ...authorities, resourceAccount: request.resourceAccount }, asked);
        const decided = authorize({ ...authorities, resourceAccount: request.resourceAccount }, asked);
        const answer = {
          verdict: explained.explicitDeny ? 'denied' : explained.allowed ? 'allowed' : 'not allowed',
          applied: explained.matched.map(({ statement }) => names.get(statement) ?? 'unknown'),
        };
        const sameWithout =
          decided.allowed === explained.allowed && decided.explicitDeny === explained.explicitDeny;
        const agree =
          answer.verdict === naive.verdict && sameWithout && sorted(answer.applied) === sorted(naive.applied);
        if (!agree) expect({ answer, policies, request }).toEqual({ answer: naive, policies, request });
      }
    }
    expect(verdicts.allowed + verdicts.denied + verdicts['not allowed']).toBe(WORLDS * REQUESTS_PER_WORLD);
  }, 120_000);

  it('were asked about cases of every kind', () => {
    // Printed when a share is too small, and small shares are printed by name.
    const total = WORLDS * REQUESTS_PER_WORLD;
    const shares = Object.fromEntries(Object.entries(verdicts).map(([key, count]) => [key, count / total]));
    expect(
      Object.values(shares).every((share) => share > 0.12),
      JSON.stringify(shares),
    ).toBe(true);
  });

  it.each([
    ...OPERATORS,
    ...['Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource'],
    ...['ForAllValues:*', 'ForAnyValue:*', '*IfExists', 'absent key', 'variable'],
  ])('were asked often about %s, with both answers', (rule) => {
    const { yes, no } = tally.get(rule) ?? { yes: 0, no: 0 };
    expect(Math.min(yes, rule === '*IfExists' ? yes : no), `${rule}: ${yes} yes, ${no} no`).toBeGreaterThan(
      300,
    );
  });
});

function sorted(names: readonly string[]): string {
  return [...names].sort().join();
}

function authoritiesOf(policies: NaivePolicies): Authorities {
  const compile = (section: string, kind: PolicyKind, documents: readonly NaiveDocument[]): PolicyText[] =>
    documents.map((document, index) => compiled(`${section}/${index}`, kind, document));
  const [boundary] = compile('boundary', 'boundary', policies.boundary);
  const [resource] = compile('trust', 'trust', policies.trust);
  let level = 0;
  const scps = policies.levels.map((documents) =>
    documents.map((document) => compiled(`levels/${level++}`, 'scp', document)),
  );
  return {
    identity: compile('identity', 'identity', policies.identity),
    ...(boundary === undefined ? {} : { boundary }),
    ...(resource === undefined ? {} : { resource }),
    ...(scps.length === 0 ? {} : { scps }),
    session: compile('session', 'session', policies.session),
    scopes: compile('scopes', 'session', policies.scopes),
  };
}

function compiled(name: string, kind: PolicyKind, document: NaiveDocument): PolicyText {
  const text = JSON.stringify(document);
  const policy = parsePolicy(text, { kind, partition: 'aws', uniqueIdOf: (arn) => SAVED[arn] });
  if ('code' in policy) throw new Error(`${policy.message} in ${text}`);
  policy.statements.forEach((statement, index) => {
    names.set(statement, `${name}/${index}`);
  });
  return { name, policy };
}

/** Which statement of which policy, in the other evaluator's words. */
const names = new WeakMap<object, string>();

function requestOf({ caller, action, resource, keys }: NaiveRequest): PolicyRequest {
  return { principal: factsOf(caller), action, resource, context: contextValues(keys) };
}

const KINDS = {
  user: 'user',
  session: 'role-session',
  federated: 'federated-user',
  root: 'root',
  provider: 'web-identity',
  service: 'service',
} as const;

function factsOf({ sort, partition, account, self, behind, id }: NaiveCaller): PrincipalFacts {
  return {
    kind: KINDS[sort],
    partition: partition as PartitionName,
    account,
    arn: self,
    ...(sort === 'session' ? { roleArn: behind } : {}),
    ...(id === '' ? {} : { uniqueId: id }),
    ...(sort === 'provider' ? { provider: self } : {}),
  };
}
