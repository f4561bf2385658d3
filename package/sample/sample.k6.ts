/** A user's k6 script, with k6's own types and ours. */

import { check } from 'k6';
import { caller, type ScriptCaller, options as worldOptions } from 'regionfall/k6';
import { spec } from './policy.ts';

const sts: ScriptCaller = caller({ name: 'shop', policy: spec });

export const options = { ...worldOptions(), vus: 2, duration: '4s' };

export default async function shop(): Promise<void> {
  const { outcome, credentials } = await sts.assumeRole({ DurationSeconds: '900' });
  check(outcome, { 'has credentials': () => credentials !== undefined });
}
