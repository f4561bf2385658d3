import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetAccessKeyLastUsedCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  TagUserCommand,
  UntagUserCommand,
  UpdateAccessKeyCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { ACCESS_KEY_MARK } from '../../identity/marks.ts';
import { createIamDesk, keyOf, refusalOf } from '../test-desk.ts';

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

describe('users', () => {
  test('are made, read, listed and deleted', async () => {
    const iam = createIamDesk().iam();
    const { User } = await iam.send(
      new CreateUserCommand({ UserName: 'alice', Path: '/team/', Tags: [{ Key: 'cost', Value: '7' }] }),
    );
    expect(User).toMatchObject({
      UserName: 'alice',
      Path: '/team/',
      Arn: 'arn:aws:iam::111122223333:user/team/alice',
      Tags: [{ Key: 'cost', Value: '7' }],
      CreateDate: new Date('2026-11-24T12:00:00Z'),
    });
    expect(User?.UserId).toMatch(/^AIDAREGNFALL[A-Z2-7]{9}$/);
    expect((await iam.send(new GetUserCommand({ UserName: 'alice' }))).User).toEqual(User);
    const team = await iam.send(new ListUsersCommand({ PathPrefix: '/team' }));
    expect(team.Users?.map(({ UserName }) => UserName)).toEqual(['alice']);
    // A list shows no tags.
    expect(team.Users?.[0]?.Tags).toBeUndefined();
    await iam.send(new DeleteUserCommand({ UserName: 'alice' }));
    expect(await refusalOf(iam.send(new GetUserCommand({ UserName: 'alice' })))).toEqual({
      code: 'NoSuchEntityException',
      message: 'The user with name alice cannot be found.',
      status: 404,
    });
  });

  test('differ by more than the case of their names', async () => {
    const iam = createIamDesk().iam();
    expect(await refusalOf(iam.send(new CreateUserCommand({ UserName: 'APP' })))).toEqual({
      code: 'EntityAlreadyExistsException',
      message: 'User with name APP already exists.',
      status: 409,
    });
  });

  test('are listed in pages', async () => {
    const iam = createIamDesk().iam();
    const first = await iam.send(new ListUsersCommand({ MaxItems: 1 }));
    expect(first.IsTruncated).toBe(true);
    expect(first.Users?.map(({ UserName }) => UserName)).toEqual(['admin']);
    const second = await iam.send(new ListUsersCommand({ Marker: first.Marker }));
    expect(second.IsTruncated).toBe(false);
    expect(second.Users?.map(({ UserName }) => UserName)).toEqual(['app']);
    const invented = await refusalOf(iam.send(new ListUsersCommand({ Marker: 'invented' })));
    expect(invented.message).toBe('Invalid Marker.');
  });

  test('keep their id, their keys and their groups when they are renamed', async () => {
    const desk = createIamDesk();
    const iam = desk.iam();
    await iam.send(new CreateGroupCommand({ GroupName: 'ops' }));
    await iam.send(new AddUserToGroupCommand({ GroupName: 'ops', UserName: 'app' }));
    const before = await iam.send(new GetUserCommand({ UserName: 'app' }));
    await iam.send(new UpdateUserCommand({ UserName: 'app', NewUserName: 'service', NewPath: '/machines/' }));
    const after = await iam.send(new GetUserCommand({ UserName: 'service' }));
    expect(after.User).toMatchObject({
      UserId: before.User?.UserId,
      Arn: 'arn:aws:iam::111122223333:user/machines/service',
    });
    const keys = await iam.send(new ListAccessKeysCommand({ UserName: 'service' }));
    expect(keys.AccessKeyMetadata?.[0]?.AccessKeyId).toBe(desk.user('aws', 'app').accessKeyId);
    expect(desk.ask().body).toContain('user/machines/service');
  });

  test('are deleted only once nothing hangs on them', async () => {
    const iam = createIamDesk().iam();
    await iam.send(new AttachUserPolicyCommand({ UserName: 'app', PolicyArn: ADMINISTRATOR }));
    expect(await refusalOf(iam.send(new DeleteUserCommand({ UserName: 'app' })))).toEqual({
      code: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
      status: 409,
    });
  });

  test('carry tags, whose keys do not differ by case alone', async () => {
    const iam = createIamDesk().iam();
    await iam.send(
      new TagUserCommand({
        UserName: 'app',
        Tags: [
          { Key: 'cost', Value: '7' },
          { Key: 'team', Value: 'a' },
        ],
      }),
    );
    await iam.send(new TagUserCommand({ UserName: 'app', Tags: [{ Key: 'Cost', Value: '' }] }));
    const tagged = await iam.send(new ListUserTagsCommand({ UserName: 'app' }));
    expect(tagged.Tags).toEqual([
      { Key: 'Cost', Value: '' },
      { Key: 'team', Value: 'a' },
    ]);
    await iam.send(new UntagUserCommand({ UserName: 'app', TagKeys: ['team'] }));
    expect((await iam.send(new ListUserTagsCommand({ UserName: 'app' }))).Tags).toHaveLength(1);
    const doubles = iam.send(
      new TagUserCommand({
        UserName: 'app',
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      }),
    );
    expect((await refusalOf(doubles)).message).toBe(
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  });

  test('may leave their own name out', async () => {
    const desk = createIamDesk();
    const own = await desk.iam().send(new GetUserCommand({}));
    expect(own.User?.UserName).toBe('admin');
  });

  test('with wrong names are refused in IAM’s words, without the value', async () => {
    const iam = createIamDesk().iam();
    expect((await refusalOf(iam.send(new CreateUserCommand({ UserName: 'a b' })))).message).toBe(
      'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    );
    expect((await refusalOf(iam.send(new CreateUserCommand({ UserName: 'a'.repeat(65) })))).message).toBe(
      "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must have length less than or equal to 64",
    );
    const long = { Key: 'k'.repeat(129), Value: 'v' };
    expect((await refusalOf(iam.send(new CreateUserCommand({ UserName: 'a', Tags: [long] })))).message).toBe(
      "1 validation error detected: Value at 'tags.1.member.key' failed to satisfy constraint: Member must have length less than or equal to 128",
    );
  });
});

describe('access keys', () => {
  test('are shown once, and open STS in every Region of the partition', async () => {
    const desk = createIamDesk();
    const iam = desk.iam();
    await iam.send(new CreateUserCommand({ UserName: 'alice' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
    expect(AccessKey?.AccessKeyId).toMatch(new RegExp(`^AKIA[A-Z2-7]{13}${ACCESS_KEY_MARK}$`));
    expect(AccessKey?.SecretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    const listed = await iam.send(new ListAccessKeysCommand({ UserName: 'alice' }));
    expect(listed.AccessKeyMetadata).toEqual([
      {
        UserName: 'alice',
        AccessKeyId: AccessKey?.AccessKeyId,
        Status: 'Active',
        CreateDate: AccessKey?.CreateDate,
      },
    ]);
    const credentials = keyOf({
      AccessKeyId: AccessKey?.AccessKeyId,
      SecretAccessKey: AccessKey?.SecretAccessKey,
    });
    expect(desk.ask({ credentials }).body).toContain('user/alice');
    await iam.send(
      new UpdateAccessKeyCommand({
        UserName: 'alice',
        AccessKeyId: credentials.accessKeyId,
        Status: 'Inactive',
      }),
    );
    expect(desk.ask({ credentials }).served.answer.status).toBe(403);
  });

  test('reach a Region after its delay, and not before', async () => {
    const desk = createIamDesk({ replicaDelayMs: { minimum: 2_000, maximum: 2_000 } });
    const { AccessKey } = await desk.iam().send(new CreateAccessKeyCommand({ UserName: 'app' }));
    const credentials = keyOf({
      AccessKeyId: AccessKey?.AccessKeyId,
      SecretAccessKey: AccessKey?.SecretAccessKey,
    });
    desk.passMs(1_999);
    expect(desk.ask({ credentials }).served.answer.status).toBe(403);
    desk.passMs(1);
    expect(desk.ask({ credentials }).served.answer.status).toBe(200);
  });

  test('are two at most', async () => {
    const iam = createIamDesk().iam();
    await iam.send(new CreateAccessKeyCommand({ UserName: 'app' }));
    expect(await refusalOf(iam.send(new CreateAccessKeyCommand({ UserName: 'app' })))).toEqual({
      code: 'LimitExceededException',
      message: 'Cannot exceed quota for AccessKeysPerUser: 2',
      status: 409,
    });
  });

  test('of others are not there', async () => {
    const desk = createIamDesk();
    const id = desk.user('aws', 'admin').accessKeyId;
    const deleted = desk.iam().send(new DeleteAccessKeyCommand({ UserName: 'app', AccessKeyId: id }));
    expect((await refusalOf(deleted)).message).toBe(`The Access Key with id ${id} cannot be found.`);
    const used = await desk.iam().send(new GetAccessKeyLastUsedCommand({ AccessKeyId: id }));
    expect(used.UserName).toBe('admin');
    expect(used.AccessKeyLastUsed).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    const unknown = desk.iam().send(new GetAccessKeyLastUsedCommand({ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }));
    expect((await refusalOf(unknown)).code).toBe('AccessDenied');
  });
});
