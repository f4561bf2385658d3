import { describe, expect, it } from 'vitest';
import { type ParseContext, type Policy, type PolicyProblem, parsePolicy } from './document.ts';

const IDS: Readonly<Record<string, string>> = {
  'arn:aws:iam::111122223333:user/app': 'AIDAAPP0000000000USER',
  'arn:aws:iam::111122223333:role/team/worker': 'AROAWORKER0000000ROLE',
};
const TRUST: ParseContext = { kind: 'trust', partition: 'aws', uniqueIdOf: (arn) => IDS[arn] };

const trusting = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '111122223333' } };
const parse = (document: unknown): Policy | PolicyProblem => parsePolicy(JSON.stringify(document), TRUST);
const messageOf = (parsed: Policy | PolicyProblem): string | undefined =>
  'code' in parsed ? parsed.message : undefined;
const trust = (changes: object) => ({ Version: '2012-10-17', Statement: { ...trusting, ...changes } });

const SYNTAX = 'Syntax errors in policy.';
const LEGACY = 'The policy failed legacy parsing';

describe('a trust policy', () => {
  it.each([
    ['an account', { AWS: '111122223333' }],
    ['an account by its root', { AWS: 'arn:aws:iam::111122223333:root' }],
    ['a user', { AWS: 'arn:aws:iam::111122223333:user/app' }],
    [
      'several',
      { AWS: ['111122223333', 'arn:aws:iam::111122223333:role/team/worker'], Service: 'ec2.amazonaws.com' },
    ],
    ['anyone', '*'],
    ['anyone of AWS', { AWS: '*' }],
    ['a role session', { AWS: 'arn:aws:sts::111122223333:assumed-role/worker/session' }],
    ['a federated user', { AWS: 'arn:aws:sts::111122223333:federated-user/visitor' }],
    ['a SAML provider', { Federated: 'arn:aws:iam::111122223333:saml-provider/corp' }],
    ['an OIDC provider', { Federated: 'arn:aws:iam::111122223333:oidc-provider/issuer.example/path' }],
    ['a provider that IAM knows', { Federated: ['www.amazon.com', 'accounts.google.com'] }],
  ])('may name %s', (_, Principal) => {
    expect(messageOf(parse(trust({ Principal })))).toBeUndefined();
  });

  it.each([
    'sts:AssumeRole',
    'sts:assumerole',
    'sts:AssumeRoleWithSAML',
    'sts:AssumeRoleWithWebIdentity',
    'sts:TagSession',
    'sts:SetSourceIdentity',
    'sts:SetContext',
    'sts:*',
    'sts:Assume*',
    '*',
  ])('may speak of %s', (Action) => {
    expect(messageOf(parse(trust({ Action })))).toBeUndefined();
  });

  it.each<readonly [message: string, what: string, document: object]>([
    ['Has prohibited field Resource', 'a resource', trust({ Resource: '*' })],
    [
      'Has prohibited field Resource',
      'a resource, told before anything else',
      trust({ Resource: '*', Action: 'iam:x' }),
    ],
    [
      'Missing required field Principal',
      'no principal',
      { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole' } },
    ],
    [
      'AssumeRole policy may only specify STS AssumeRole actions.',
      'another service',
      trust({ Action: 'iam:PassRole' }),
    ],
    [
      'AssumeRole policy may only specify STS AssumeRole actions.',
      'another action of STS',
      trust({ Action: ['sts:AssumeRole', 'sts:GetCallerIdentity'] }),
    ],
    [
      'Policy statement must contain actions.',
      'no action',
      { Statement: { Effect: 'Allow', Principal: '*' } },
    ],
    [LEGACY, 'an effect in small letters', trust({ Effect: 'ALLOW' })],
    [SYNTAX, 'a principal that is a bare text', trust({ Principal: '111122223333' })],
    [SYNTAX, 'a principal of an unknown type', trust({ Principal: { Martian: 'x' } })],
    [SYNTAX, 'nobody', trust({ Principal: {} })],
    [SYNTAX, 'a list of nobody', trust({ Principal: { AWS: [] } })],
    [SYNTAX, 'Principal and NotPrincipal', trust({ NotPrincipal: '*' })],
    [
      'Allow with NotPrincipal is not allowed.',
      'everyone else',
      { Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', NotPrincipal: { AWS: '111122223333' } } },
    ],
    [
      'Federated principals must be valid domain names or SAML metadata ARNs',
      'a provider that is none',
      trust({ Principal: { Federated: 'arn:aws:iam//111122223333:oidc-provider/x' } }),
    ],
    [
      'Invalid principal in policy: "SERVICE":"not a service"',
      'a service that is none',
      trust({ Principal: { Service: 'not a service' } }),
    ],
    ...[
      'arn:aws:iam::111122223333:user/nobody',
      'arn:aws:iam::111122223333:role/worker',
      'arn:aws:iam::111122223333:role/*',
      'arn:aws:iam::111122223333:group/staff',
      'arn:aws::iam::111122223333:root',
      'arn:aws-cn:iam::111122223333:root',
      'arn:aws:sts::111122223333:assumed-role/worker/*',
      'arn:aws:sts::111122223333:assumed-role/worker',
      'AIDAAPP0000000000USER',
      '1111222233334',
      '',
    ].map(
      (AWS) =>
        [
          `Invalid principal in policy: "AWS":"${AWS}"`,
          'nobody there',
          trust({ Principal: { AWS } }),
        ] as const,
    ),
  ])('is refused with %j for %s', (message, _, document) => {
    expect(messageOf(parse(document))).toBe(message);
  });

  it('says of broken JSON what IAM says', () => {
    expect(messageOf(parsePolicy('{"Version":', TRUST))).toBe('This policy contains invalid Json');
    expect(messageOf(parsePolicy('', { kind: 'identity', partition: 'aws' }))).toBe(SYNTAX);
  });

  it('saves users and roles as their unique ids, and nothing else', () => {
    const policy = parse(
      trust({
        Principal: {
          AWS: [
            'arn:aws:iam::111122223333:user/app',
            'arn:aws:iam::111122223333:role/team/worker',
            'arn:aws:sts::111122223333:assumed-role/worker/session',
            'arn:aws:iam::444455556666:root',
          ],
        },
      }),
    );
    if ('code' in policy) throw new Error(policy.message);
    expect([...policy.savedAs]).toEqual(Object.entries(IDS));
    expect(policy.statements[0]?.principals?.saved).toEqual([
      ...Object.values(IDS),
      'arn:aws:sts::111122223333:assumed-role/worker/session',
      '444455556666',
    ]);
  });
});
