import { expect, test } from 'vitest';
import { era } from '../aws/eras.ts';
import { stsHostNames } from './region-hosts.ts';

const GLOBAL = 'sts.amazonaws.com';

test('the global name is a Region’s own business only since callers are served near them', () => {
  expect(stsHostNames(['eu-west-1'])).toContain(GLOBAL);
  expect(stsHostNames(['eu-west-1'], era('2024'))).not.toContain(GLOBAL);
  expect(stsHostNames(['us-east-1'], era('2024'))).toContain(GLOBAL);
  // Never an opt-in Region's.
  expect(stsHostNames(['af-south-1'])).not.toContain(GLOBAL);
});
