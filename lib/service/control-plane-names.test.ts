import { describe, expect, test } from 'vitest';
import { era } from '../aws/eras.ts';
import { controlPlaneNames } from './control-plane-names.ts';

const ACCOUNT = { id: '111122223333', partition: 'aws' } as const;
const CHINA = { id: '222233334444', partition: 'aws-cn' } as const;

describe('the names of a control plane', () => {
  test('are those of IAM, of Account Management and of each account’s issuer, all served by the leader', () => {
    const names = controlPlaneNames([ACCOUNT], era('2026'));
    expect(names.map(({ service, host, region }) => `${service} ${host} ${region}`)).toEqual([
      'iam iam.amazonaws.com us-east-1',
      'iam iam.global.api.aws us-east-1',
      'account account.us-east-1.amazonaws.com us-east-1',
      'account account.us-east-1.api.aws us-east-1',
      expect.stringMatching(/^issuer [0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws us-east-1$/),
    ]);
  });

  test('are served by two Regions in China', () => {
    const names = controlPlaneNames([CHINA], era('2026'));
    expect(names.map(({ service, region }) => `${service} ${region}`)).toEqual([
      'iam cn-north-1',
      'iam cn-north-1',
      'account cn-northwest-1',
      'account cn-northwest-1',
      'issuer cn-north-1',
    ]);
  });

  test('leave out what the era had not seen', () => {
    const names = controlPlaneNames([ACCOUNT, CHINA], era('2015'));
    expect(names.some(({ service }) => service === 'issuer')).toBe(false);
    // Ningxia opened in 2017.
    expect(names.some(({ region }) => region === 'cn-northwest-1')).toBe(false);
  });
});
