import { expect, test } from 'vitest';
import { scenarioJsonSchema } from './schema.ts';
import { validate } from './validate.ts';

/** Renew with `npm test -- lib/scenario/schema.test.ts -u`, and read the difference: it is a change for users. */
test('the JSON schema that editors read is the one that scenarios are checked with', async () => {
  await expect(`${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../docs/scenario.schema.json',
  );
});

test('a scenario may name its schema', () => {
  const { problems } = validate({ $schema: './scenario.schema.json' });
  expect(problems.map(({ place }) => place)).not.toContain('$schema');
});
