import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  GetRoleCommand,
  type IAMClient,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam';
import { describe, expect, test } from 'vitest';
import { assuming, sessionOf } from '../../sts/test-desk.ts';
import { allowing, createIamDesk, refusalOf, trusting } from '../test-desk.ts';

const ACCOUNT = 'arn:aws:iam::111122223333';
const APP = `${ACCOUNT}:user/app`;
const WORKER = `${ACCOUNT}:role/worker`;

function makeWorker(iam: IAMClient, document = trusting(APP)) {
  return iam.send(new CreateRoleCommand({ RoleName: 'worker', AssumeRolePolicyDocument: document }));
}

describe('a role', () => {
  test('made here can be assumed where the change has arrived, and for as long as it lets', async () => {
    const desk = createIamDesk({ replicaDelayMs: { minimum: 1_000, maximum: 1_000 } });
    const iam = desk.iam();
    const { Role } = await makeWorker(iam);
    expect(Role).toMatchObject({ Arn: WORKER, Path: '/' });
    // The answer of its making does not tell how long its sessions last.
    expect(Role?.MaxSessionDuration).toBeUndefined();
    const parameters = assuming(WORKER, { DurationSeconds: '7200' });
    expect(desk.ask({ parameters }).served.answer.errorCode).toBe('AccessDenied');
    desk.passMs(1_000);
    expect(desk.ask({ parameters }).served.answer.errorCode).toBe('ValidationError');
    await iam.send(new UpdateRoleCommand({ RoleName: 'worker', MaxSessionDuration: 7_200 }));
    desk.passMs(1_000);
    expect(desk.ask({ parameters }).served.answer.status).toBe(200);
  });

  test('keeps its sessions when its trust changes, and ends them when it is deleted', async () => {
    const desk = createIamDesk();
    const iam = desk.iam();
    await makeWorker(iam);
    const session = sessionOf(desk.ask({ parameters: assuming(WORKER) }));
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'worker',
        PolicyDocument: trusting(`${ACCOUNT}:user/admin`),
      }),
    );
    expect(desk.ask({ parameters: assuming(WORKER) }).served.answer.status).toBe(403);
    expect(desk.ask({ credentials: session }).served.answer.status).toBe(200);
    await iam.send(new DeleteRoleCommand({ RoleName: 'worker' }));
    await makeWorker(iam);
    expect(desk.ask({ credentials: session }).served.answer.errorCode).toBe('InvalidClientTokenId');
  });

  test('saves whom it trusts as unique ids: a namesake made later is somebody else', async () => {
    const desk = createIamDesk();
    const iam = desk.iam();
    const { User } = await iam.send(new CreateUserCommand({ UserName: 'alice' }));
    await makeWorker(iam, trusting(`${ACCOUNT}:user/alice`));
    await iam.send(new DeleteUserCommand({ UserName: 'alice' }));
    await iam.send(new CreateUserCommand({ UserName: 'alice' }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }));
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(trusting(User?.UserId ?? ''));
  });

  test('may trust principals of other accounts of the partition, if they are there', async () => {
    const iam = createIamDesk().iam();
    expect(await refusalOf(makeWorker(iam, trusting(`${ACCOUNT}:user/nobody`)))).toEqual({
      code: 'MalformedPolicyDocumentException',
      message: `Invalid principal in policy: "AWS":"${ACCOUNT}:user/nobody"`,
      status: 400,
    });
  });

  test.each([
    ['no JSON', 'This policy contains invalid Json'],
    [
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }],
      }),
      'AssumeRole policy may only specify STS AssumeRole actions.',
    ],
    [
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }],
      }),
      'Has prohibited field Resource',
    ],
  ])('does not take %s for a trust policy', async (document, message) => {
    const refused = await refusalOf(makeWorker(createIamDesk().iam(), document));
    expect(refused).toEqual({ code: 'MalformedPolicyDocumentException', message, status: 400 });
  });

  test('has a trust policy of at most 2048 characters, white space not counted', async () => {
    const iam = createIamDesk().iam();
    const padded = trusting(APP).padEnd(4_000, ' ');
    await makeWorker(iam, padded);
    const long = trusting(...Array.from({ length: 60 }, () => APP));
    expect(long.length).toBeGreaterThan(2_048);
    const refused = await refusalOf(
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'worker', PolicyDocument: long })),
    );
    expect(refused.message).toBe('Cannot exceed quota for ACLSizePerRole: 2048');
  });

  test('shows its policy percent-encoded, character by character what was given', async () => {
    const desk = createIamDesk();
    const document = trusting(APP).replace('{', '{ "Id": "a(b)*\'!~ é",');
    await makeWorker(desk.iam(), document);
    const { body } = desk.query({ Action: 'GetRole', RoleName: 'worker' }).answer;
    const shown = /<AssumeRolePolicyDocument>(.*)<\/AssumeRolePolicyDocument>/.exec(body)?.[1] ?? '';
    expect(shown).toMatch(/^[A-Za-z0-9\-._~%]+$/);
    expect(decodeURIComponent(shown)).toBe(document);
  });

  test('is deleted only without policies', async () => {
    const iam = createIamDesk().iam();
    await makeWorker(iam);
    const remove = () => refusalOf(iam.send(new DeleteRoleCommand({ RoleName: 'worker' })));
    await iam.send(
      new PutRolePolicyCommand({ RoleName: 'worker', PolicyName: 'own', PolicyDocument: allowing('s3:*') }),
    );
    expect((await remove()).message).toBe('Cannot delete entity, must delete policies first.');
    await iam.send(
      new AttachRolePolicyCommand({
        RoleName: 'worker',
        PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      }),
    );
    expect((await remove()).message).toBe('Cannot delete entity, must detach all policies first.');
  });

  test('is bounded only by a policy that is there', async () => {
    const iam = createIamDesk().iam();
    await makeWorker(iam);
    const bound = (arn: string) =>
      iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'worker', PermissionsBoundary: arn }));
    expect(await refusalOf(bound(`${ACCOUNT}:not_a_policy/x`))).toMatchObject({
      code: 'InvalidInputException',
      message: `ARN ${ACCOUNT}:not_a_policy/x is not valid.`,
    });
    expect(await refusalOf(bound(`${ACCOUNT}:policy/none`))).toMatchObject({
      code: 'NoSuchEntityException',
      message: `Scope ARN: ${ACCOUNT}:policy/none does not exist or is not attachable.`,
    });
    await iam.send(new CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: allowing('s3:*') }));
    await bound(`${ACCOUNT}:policy/bound`);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'worker' }));
    expect(Role?.PermissionsBoundary).toEqual({
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: `${ACCOUNT}:policy/bound`,
    });
  });

  test('is listed by its path', async () => {
    const iam = createIamDesk().iam();
    await iam.send(
      new CreateRoleCommand({ RoleName: 'x', Path: '/a/b/', AssumeRolePolicyDocument: trusting(APP) }),
    );
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/a/' }));
    expect(Roles?.map(({ Arn }) => Arn)).toEqual([`${ACCOUNT}:role/a/b/x`]);
  });
});
