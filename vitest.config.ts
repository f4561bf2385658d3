// How the tests run: room tests beside their files, whole-run stories in test/. Two cores, so two workers: more would
// measure each other.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'lib/**/*.test.ts',
      'reports/**/*.test.ts',
      'scenarios/**/*.test.ts',
      'package/*.test.ts',
      'test/**/*.test.ts',
    ],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
