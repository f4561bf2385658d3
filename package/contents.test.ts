import { describe, expect, test } from 'vitest';
import { unwanted } from './contents.ts';

const none: readonly string[] = [];

describe('a file of the package', () => {
  test.for([
    'lib/aws/arn.test.js',
    'lib/sts/test-desk.d.ts',
    'reports/page/fixture-input.js.map',
    'lib/chaos/view.fixture.js',
    'test/golden/report.html',
  ])('that is for tests is refused: %s', (path) => {
    expect(unwanted(path, '', [])).toEqual([`${path} is for tests only`]);
  });

  test.for(['lib/testing/index.js', 'lib/failover/spec.js', 'lib/latest.js', 'bin/regionfall'])(
    'that only sounds like it is not: %s',
    (path) => {
      expect(unwanted(path, '', [])).toEqual(none);
    },
  );

  test('that names the machine it was built on is refused', () => {
    expect(unwanted('a.js', 'x = "/home/someone/clone/lib"', ['/home/someone/'])).toHaveLength(1);
  });

  // Put together here, so that no scanner takes this file for a leak.
  test.for([
    ['an access key', `AKIA${'Q'.repeat(16)}`],
    ['a private key in source', `-----BEGIN EC PRIVATE KEY-----\n${'A'.repeat(64)}`],
    ['a private key in a map', `-----BEGIN PRIVATE KEY-----\\n${'A'.repeat(64)}`],
    ['a token of npm', `npm_${'a'.repeat(36)}`],
    ['a login of npm', '//registry/:_authToken=x'],
    ['a token of GitHub', `ghp_${'a'.repeat(36)}`],
    ['a secret key', `secretAccessKey: '${'a'.repeat(40)}'`],
    ['a URL with a password', ['https://user', 'word@host/'].join(':')],
  ] as const)('that holds %s is refused, without repeating it', ([, secret]) => {
    const [finding = '', ...others] = unwanted('lib/x.js', `const a = "${secret}";`, []);
    expect(others).toEqual(none);
    expect(finding).toMatch(/^lib\/x\.js holds what looks like /);
    expect(finding).not.toContain(secret);
  });

  test('may show what AWS shows in its documentation', () => {
    expect(unwanted('README.md', 'AKIAIOSFODNN7EXAMPLE', [])).toEqual(none);
  });

  test('may tell how a key is written down', () => {
    expect(
      unwanted(
        'a.js',
        "PemConverter.encode(key, 'PRIVATE KEY'); `-----BEGIN PRIVATE KEY-----\\n` + text",
        [],
      ),
    ).toEqual(none);
  });
});
