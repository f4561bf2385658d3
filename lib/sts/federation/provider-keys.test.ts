import { describe, expect, test } from 'vitest';
import { KEYS } from './jwt-forge.fixture.ts';
import {
  createProviderKeys,
  type FoundKey,
  isLoopbackUrl,
  type ProviderKeysOptions,
} from './provider-keys.ts';

const URL_OF_KEYS = 'http://127.0.0.1:8080/keys';
const MISSING = { code: 'InvalidIdentityToken' };

interface Bench {
  readonly find: (keyId: string, keysUrl?: string) => FoundKey | Promise<FoundKey>;
  readonly fetches: string[];
  answer: () => Promise<string>;
  passSeconds(seconds: number): void;
}

function createBench(options: Partial<ProviderKeysOptions> = {}): Bench {
  let nowUs = 5e6;
  const fetches: string[] = [];
  const keys = createProviderKeys({
    clock: () => nowUs,
    fetchText: (url) => {
      fetches.push(url);
      return bench.answer();
    },
    ...options,
  });
  const bench: Bench = {
    fetches,
    answer: () => Promise.resolve(JSON.stringify({ keys: KEYS() })),
    find: (keyId, keysUrl = URL_OF_KEYS) => keys.keyFor({ keysUrl }, 'RS256', keyId),
    passSeconds: (seconds) => {
      nowUs += seconds * 1e6;
    },
  };
  return bench;
}

describe('keys of providers', () => {
  test('are there at once when they are configured, and nothing is fetched', () => {
    const bench = createBench();
    const keys = createProviderKeys({ clock: () => 0 });
    expect(keys.keyFor({ keys: KEYS(), keysUrl: URL_OF_KEYS }, 'RS256', 'r')).toMatchObject({ type: 'RSA' });
    expect(bench.fetches).toEqual([]);
  });

  test('are fetched once, and are at hand from then on', async () => {
    const bench = createBench();
    const first = bench.find('r');
    expect(first).toBeInstanceOf(Promise);
    const answers = await Promise.all([first, bench.find('r'), bench.find('r')]);
    expect(answers.every((answer) => 'key' in answer)).toBe(true);
    expect(bench.find('r')).toMatchObject({ type: 'RSA' });
    expect(bench.fetches).toEqual([URL_OF_KEYS]);
  });

  test('are fetched anew when they are old', async () => {
    const bench = createBench({ lifetimeSeconds: 60 });
    await bench.find('r');
    bench.passSeconds(59);
    expect(bench.find('r')).not.toBeInstanceOf(Promise);
    bench.passSeconds(1);
    await expect(bench.find('r')).resolves.toMatchObject({ type: 'RSA' });
    expect(bench.fetches).toHaveLength(2);
  });

  test('are fetched anew for an unknown id, and not again for a while', async () => {
    const bench = createBench();
    await bench.find('r');
    bench.passSeconds(11);
    await expect(bench.find('new')).resolves.toMatchObject(MISSING);
    expect(bench.find('newer')).toMatchObject(MISSING);
    expect(bench.fetches).toHaveLength(2);
    bench.passSeconds(11);
    await bench.find('newest');
    expect(bench.fetches).toHaveLength(3);
  });

  test('that cannot be had are said to be missing, and asked for again after a second', async () => {
    const bench = createBench();
    const { answer } = bench;
    bench.answer = () => Promise.reject(new Error('ECONNREFUSED'));
    await expect(bench.find('r')).resolves.toMatchObject(MISSING);
    expect(bench.find('r')).toMatchObject(MISSING);
    expect(bench.fetches).toHaveLength(1);
    bench.passSeconds(1);
    bench.answer = answer;
    await expect(bench.find('r')).resolves.toMatchObject({ type: 'RSA' });
  });

  test('that take too long are a failure to communicate, which clients may repeat', async () => {
    const bench = createBench();
    bench.answer = () => Promise.reject(Object.assign(new Error('late'), { name: 'TimeoutError' }));
    await expect(bench.find('r')).resolves.toMatchObject({ status: 400, code: 'IDPCommunicationError' });
  });

  test('are not believed when what comes is no key set', async () => {
    const bench = createBench();
    bench.answer = () => Promise.resolve('<html>');
    await expect(bench.find('r')).resolves.toMatchObject(MISSING);
  });

  test.each([
    'https://issuer.example/keys',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.evil.example/',
    'http://user@127.0.0.1/',
    'http://evil.example@127.0.0.1:80@x/',
    'file:///etc/passwd',
    'http://0.0.0.0/',
    'http://[::ffff:169.254.169.254]/',
    'http://localhost.evil.example/',
    'http://2852039166/',
    '//127.0.0.1/',
    '',
  ])('are never fetched from %s', (keysUrl) => {
    const bench = createBench();
    expect(bench.find('r', keysUrl)).toMatchObject(MISSING);
    expect(bench.fetches).toEqual([]);
  });

  test.each([
    'http://127.0.0.1:1/',
    'http://localhost:1/',
    'https://[::1]:1/k',
    'http://127.8.8.8/',
    'http://0x7f.1/',
  ])('may be fetched from %s', (url) => {
    expect(isLoopbackUrl(url)).toBe(true);
  });
});
