import { describe, expect, test } from 'vitest';
import { withRunsIgnored } from './gitignore.ts';

describe('the line that keeps runs out of commits', () => {
  test.each([
    'runs/',
    '/runs/',
    'runs',
    'runs/*',
    '**/runs/',
    'node_modules\nruns/\ndist',
    'dist\r\nruns/\r\n',
    'runs/  ',
  ])('is not added to %j, which has it', (text) => {
    expect(withRunsIgnored(text)).toBe('');
  });

  test.each(['', '# runs/\n', '!runs/\n', 'app/runs/\n', 'runs/old\n', 'dryruns/\n'])(
    'is added to %j, which does not',
    (text) => {
      expect(withRunsIgnored(text)).toBe('runs/\n');
    },
  );

  test('begins a new line, and ends as the others do', () => {
    expect(withRunsIgnored('dist')).toBe('\nruns/\n');
    expect(withRunsIgnored('dist\r\nbuild')).toBe('\r\nruns/\r\n');
  });
});
