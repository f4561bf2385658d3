import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyVersionCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { awsManagedPolicies, awsManagedPolicy } from '../../identity/aws-managed-policies.ts';
import { allowing, createIamDesk, refusalOf } from '../test-desk.ts';

const POLICY = 'arn:aws:iam::111122223333:policy/reader';
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

async function withPolicy() {
  const desk = createIamDesk();
  const iam = desk.iam();
  await iam.send(new CreatePolicyCommand({ PolicyName: 'reader', PolicyDocument: allowing('iam:Get*') }));
  return { desk, iam };
}

describe('a managed policy', () => {
  test('has five versions at most, the newest listed first', async () => {
    const { iam } = await withPolicy();
    const more = () =>
      iam.send(new CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: allowing('iam:List*') }));
    for (let count = 2; count <= 5; count += 1) await more();
    expect(await refusalOf(more())).toEqual({
      code: 'LimitExceededException',
      message:
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
      status: 409,
    });
    const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn: POLICY }));
    expect(Versions?.map(({ VersionId, IsDefaultVersion }) => `${VersionId} ${IsDefaultVersion}`)).toEqual([
      'v5 false',
      'v4 false',
      'v3 false',
      'v2 false',
      'v1 true',
    ]);
  });

  test('counts on after versions that are gone, and keeps the one in force', async () => {
    const { iam } = await withPolicy();
    const made = await iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: POLICY,
        PolicyDocument: allowing('iam:*'),
        SetAsDefault: true,
      }),
    );
    expect(made.PolicyVersion).toMatchObject({ VersionId: 'v2', IsDefaultVersion: true });
    await iam.send(new DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v1' }));
    expect(
      (await refusalOf(iam.send(new DeletePolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v2' }))))
        .message,
    ).toBe('Cannot delete the default version of a policy.');
    expect(
      (await refusalOf(iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v9' }))))
        .message,
    ).toBe(`Policy ${POLICY} version v9 does not exist or is not attachable.`);
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v2' }),
    );
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(allowing('iam:*'));
  });

  test('decides as soon as it is attached, and by the version in force', async () => {
    const { desk, iam } = await withPolicy();
    const app = desk.iam(desk.credentials('aws', 'app'));
    const read = () =>
      app.send(new GetPolicyVersionCommand({ PolicyArn: POLICY, VersionId: 'v1' })).then(
        () => 'read',
        ({ name }: Error) => name,
      );
    expect(await read()).toBe('AccessDenied');
    await iam.send(new AttachUserPolicyCommand({ UserName: 'app', PolicyArn: POLICY }));
    expect(await read()).toBe('read');
    await iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: POLICY,
        PolicyDocument: allowing('s3:*'),
        SetAsDefault: true,
      }),
    );
    expect(await read()).toBe('AccessDenied');
  });

  test('is not deleted while something holds it, nor while it has versions', async () => {
    const { iam } = await withPolicy();
    const remove = () => refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: POLICY })));
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn: POLICY, PolicyDocument: allowing('s3:*') }));
    expect((await remove()).message).toMatch(/^This policy has more than one version\./);
    await iam.send(new AttachUserPolicyCommand({ UserName: 'app', PolicyArn: POLICY }));
    expect((await remove()).message).toBe('Cannot delete a policy attached to entities.');
    const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn: POLICY }));
    expect(entities.PolicyUsers?.map(({ UserName }) => UserName)).toEqual(['app']);
  });

  test('of AWS can be attached and read, and not changed', async () => {
    const { iam } = await withPolicy();
    await iam.send(new AttachUserPolicyCommand({ UserName: 'app', PolicyArn: ADMINISTRATOR }));
    const held = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'app' }));
    expect(held.AttachedPolicies).toEqual([{ PolicyName: 'AdministratorAccess', PolicyArn: ADMINISTRATOR }]);
    expect(await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn: ADMINISTRATOR })))).toMatchObject({
      code: 'AccessDenied',
      message: 'Cannot delete policies outside your own account.',
    });
    const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS', OnlyAttached: true }));
    expect(Policies?.map(({ AttachmentCount }) => AttachmentCount)).toEqual([2]);
  });

  test('of AWS is one that this world knows', () => {
    expect(awsManagedPolicies('aws-cn').filter((arn) => awsManagedPolicy(arn) === undefined)).toEqual([]);
  });

  test.each([
    ['longpolicynamebutnoarn', 'ARN longpolicynamebutnoarn is not valid.'],
    [
      'arn:aws:iam::111122223333:policy/none',
      'Policy arn:aws:iam::111122223333:policy/none does not exist or is not attachable.',
    ],
    [
      'arn:aws-cn:iam::aws:policy/AdministratorAccess',
      'Policy arn:aws-cn:iam::aws:policy/AdministratorAccess does not exist or is not attachable.',
    ],
  ])('called %s cannot be attached', async (PolicyArn, message) => {
    const { iam } = await withPolicy();
    const refused = iam.send(new AttachUserPolicyCommand({ UserName: 'app', PolicyArn }));
    expect((await refusalOf(refused)).message).toBe(message);
  });

  test('that is not attached cannot be detached', async () => {
    const { iam } = await withPolicy();
    const refused = iam.send(new DetachUserPolicyCommand({ UserName: 'app', PolicyArn: POLICY }));
    expect((await refusalOf(refused)).message).toBe(`Policy ${POLICY} was not found.`);
  });
});

describe('an inline policy', () => {
  test('counts against what its holder may have of them, all together', async () => {
    const iam = createIamDesk().iam();
    const put = (name: string, letters: number) =>
      iam.send(
        new PutUserPolicyCommand({
          UserName: 'app',
          PolicyName: name,
          PolicyDocument: allowing(`s3:${'G'.repeat(letters)}`),
        }),
      );
    await put('one', 1_000);
    expect(await refusalOf(put('two', 1_000))).toEqual({
      code: 'LimitExceededException',
      message: 'Maximum policy size of 2048 bytes exceeded for user app',
      status: 409,
    });
    // The same name takes its own place.
    await put('one', 1_500);
  });

  test('that is missing is named by its holder’s kind', async () => {
    const iam = createIamDesk().iam();
    const read = iam.send(new GetUserPolicyCommand({ UserName: 'app', PolicyName: 'none' }));
    expect((await refusalOf(read)).message).toBe('The user policy with name none cannot be found.');
    const put = iam.send(
      new PutGroupPolicyCommand({ GroupName: 'none', PolicyName: 'x', PolicyDocument: allowing('s3:*') }),
    );
    expect((await refusalOf(put)).message).toBe('The group with name none cannot be found.');
  });
});
