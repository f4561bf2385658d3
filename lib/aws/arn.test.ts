import { describe, expect, it } from 'vitest';
import { assumedRoleArn, parseArn, roleArn, rootArn, userArn } from './arn.ts';

describe('an ARN', () => {
  it('is written for each kind of principal', () => {
    expect(roleArn('aws', '123456789012', 'app')).toBe('arn:aws:iam::123456789012:role/app');
    expect(userArn('aws-cn', '123456789012', 'team/app')).toBe('arn:aws-cn:iam::123456789012:user/team/app');
    expect(rootArn('aws-us-gov', '123456789012')).toBe('arn:aws-us-gov:iam::123456789012:root');
  });

  it("of a session drops the role's path", () => {
    expect(assumedRoleArn('aws', '123456789012', 'team/app', 'me@example')).toBe(
      'arn:aws:sts::123456789012:assumed-role/app/me@example',
    );
  });

  it('is read into its parts, colons in the resource included', () => {
    expect(parseArn('arn:aws:iam::123456789012:role/a:b')).toEqual({
      partition: 'aws',
      service: 'iam',
      region: '',
      accountId: '123456789012',
      resource: 'role/a:b',
    });
  });

  it.each([
    '',
    'arn',
    'arn:aws:iam::123456789012',
    'arn:aws:iam::123456789012:',
    'arn::iam:::x',
    'urn:aws:iam::1:x',
  ])("is not '%s'", (text) => expect(parseArn(text)).toBeUndefined());
});
