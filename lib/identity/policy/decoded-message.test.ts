import { describe, expect, it } from 'vitest';
import { explain } from './authorize.ts';
import { decodedMessage } from './decoded-message.ts';
import { HERE, mayAssume, policy, session, target, trust, user, wish } from './policies.fixture.ts';

describe('a decoded message', () => {
  it('shows an explicit deny with its statement, the principal and the request', () => {
    const deny = policy('identity', {
      Sid: 'NoNights',
      Effect: 'Deny',
      Action: ['sts:AssumeRole', 'iam:*'],
      Resource: '*',
      Condition: { StringLike: { 'aws:SourceIdentity': ['night-*', 'late-*'] } },
    });
    const request = wish(user, target(HERE), { 'aws:SourceIdentity': 'night-1' });
    const decision = explain({ identity: [mayAssume(), deny], resource: trust({ AWS: HERE }) }, request);
    expect(JSON.parse(decodedMessage(decision, request))).toEqual({
      allowed: false,
      explicitDeny: true,
      matchedStatements: {
        items: [
          {
            statementId: 'NoNights',
            effect: 'DENY',
            principals: { items: [{ value: user.uniqueId }] },
            principalGroups: { items: [] },
            actions: { items: [{ value: 'sts:AssumeRole' }, { value: 'iam:*' }] },
            resources: { items: [{ value: '*' }] },
            conditions: {
              items: [
                {
                  key: 'aws:SourceIdentity',
                  values: { items: [{ value: 'night-*' }, { value: 'late-*' }] },
                },
              ],
            },
          },
        ],
      },
      failures: { items: [] },
      context: {
        principal: { id: user.userId, name: 'app', arn: user.arn },
        action: 'sts:AssumeRole',
        resource: target(HERE),
        conditions: { items: [{ key: 'aws:sourceidentity', values: { items: [{ value: 'night-1' }] } }] },
      },
    });
  });

  it('shows no statement when nothing allowed, and no name for a session', () => {
    const request = wish(session);
    const decision = explain({ identity: [mayAssume()] }, request);
    expect(JSON.parse(decodedMessage(decision, request))).toMatchObject({
      allowed: false,
      explicitDeny: false,
      matchedStatements: { items: [] },
      context: { principal: { id: session.userId, arn: session.arn } },
    });
    expect(decodedMessage(decision, request)).not.toContain('"name"');
  });

  it('begins with the members in the documented order', () => {
    const request = wish(session);
    const text = decodedMessage(explain({ identity: [] }, request), request);
    expect(Object.keys(JSON.parse(text))).toEqual([
      'allowed',
      'explicitDeny',
      'matchedStatements',
      'failures',
      'context',
    ]);
  });
});
