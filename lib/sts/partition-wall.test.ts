import { describe, expect, test } from 'vitest';
import { regionalHost } from '../aws/endpoints.ts';
import type { PartitionName } from '../aws/partitions.ts';
import {
  assuming,
  createDesk,
  type Desk,
  PARTITIONS_IN_TESTS,
  separateKeys,
  sessionOf,
} from './test-desk.ts';

const REGION_OF = { aws: 'eu-west-1', 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' } as const;

const PAIRS = PARTITIONS_IN_TESTS.flatMap((from) =>
  PARTITIONS_IN_TESTS.filter((to) => to !== from).map((to) => [from, to] as const),
);

function tryBoth(desk: Desk, from: PartitionName, to: (typeof PARTITIONS_IN_TESTS)[number]) {
  const longTerm = desk.credentials(from, 'app');
  const home = regionalHost(REGION_OF[from as keyof typeof REGION_OF]);
  const session = sessionOf(
    desk.ask({ host: home, credentials: longTerm, parameters: assuming(desk.roleArn(from)) }),
  );
  const host = regionalHost(REGION_OF[to]);
  return [longTerm, session].map((credentials) => desk.ask({ host, credentials }));
}

describe('the wall between partitions', () => {
  test.each(PAIRS)('keys and sessions of %s are unknown in %s', (from, to) => {
    for (const answer of tryBoth(createDesk(), from, to)) {
      expect(answer).toMatchObject({
        errorCode: 'InvalidClientTokenId',
        errorMessage: 'The security token included in the request is invalid.',
      });
      expect(answer.served.answer.status).toBe(403);
    }
  });

  // What the wall is made of: give two partitions one key, and it is gone between those two, both ways.
  test.each([
    ['aws', 'aws-cn'],
    ['aws-cn', 'aws'],
  ] as const)('falls from %s to %s when they share a seal key', (from, to) => {
    const keys = separateKeys();
    const desk = createDesk({ sealKeys: { ...keys, 'aws-cn': keys.aws } });
    for (const answer of tryBoth(desk, from, to)) expect(answer.ok).toBe(true);
    for (const answer of tryBoth(desk, from, 'aws-us-gov')) expect(answer.ok).toBe(false);
  });
});
