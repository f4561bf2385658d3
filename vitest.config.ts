// How the tests run: room tests beside their files, whole-run stories in test/. Stories mostly wait, so there are more
// workers than cores.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['lib/**/*.test.ts', 'reports/**/*.test.ts', 'scenarios/**/*.test.ts', 'test/**/*.test.ts'],
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
