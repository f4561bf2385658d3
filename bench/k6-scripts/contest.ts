/** What the contestants of bench/k6.bench.ts run inside k6: the same POST, plain, signed by us, and as a whole call. */

import http from 'k6/http';
import { createCaller } from '../../lib/k6/script/caller.ts';
import { formOf, formSigner } from '../../lib/k6/script/sign.ts';

declare const __ENV: Readonly<Record<string, string>>;

const { KIND, HOST = '', PORT = '', REQUESTS = '1' } = __ENV;
const url = `https://${HOST}:${PORT}/`;
const credentials = { accessKeyId: 'AKIABENCHBENCHBENCH1', secretAccessKey: 'a-key-for-a-benchmark' };
const body = formOf({
  Action: 'AssumeRole',
  Version: '2011-06-15',
  RoleArn: 'arn:aws:iam::111122223333:role/app',
  RoleSessionName: 'bench-1',
  DurationSeconds: '900',
});
const signer = formSigner({
  host: HOST,
  region: 'eu-west-1',
  service: 'sts',
  credentials,
  userAgent: 'regionfall caller/bench-1',
});
const plainHeaders = { ...signer.headers(body, Date.now()) };

const caller = createCaller(
  {
    name: 'bench',
    location: 'eu-west-1',
    callers: 1,
    ratePerSecond: 1,
    operations: { AssumeRole: 1 },
    arrivals: 'even',
    policy: { kind: 'ordered', endpoints: [HOST], attemptTimeLimitMs: 60_000, failBackAfterMs: 5_000 },
    credentials,
    roleArn: 'arn:aws:iam::111122223333:role/app',
    targets: [{ host: HOST, signingRegion: 'eu-west-1', port: Number(PORT) }],
  },
  1,
  0,
  0,
);

export const options = {
  hosts: { [`${HOST}:${PORT}`]: `127.0.0.1:${PORT}` },
  systemTags: [],
  discardResponseBodies: true,
  scenarios: {
    bench: { executor: 'shared-iterations', vus: 32, iterations: Number(REQUESTS), maxDuration: '2m' },
  },
};

const KINDS: Readonly<Record<string, () => unknown>> = {
  plain: () => http.post(url, body, { headers: plainHeaders }),
  signed: () => http.post(url, body, { headers: signer.headers(body, Date.now()) }),
  call: () => caller.call({ arrival: -1, plannedUs: Date.now() * 1_000, operation: 'AssumeRole' }),
};

export default function contest(): unknown {
  return KINDS[KIND ?? '']?.();
}
