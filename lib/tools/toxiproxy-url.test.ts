import { describe, expect, it } from 'vitest';
import { givenToxiproxyUrl } from './toxiproxy-url.ts';

const from = (url: string) => givenToxiproxyUrl({ REGIONFALL_TOXIPROXY_URL: url });

describe('a Toxiproxy that the environment gives', () => {
  it('is none where nothing is set', () => {
    expect(givenToxiproxyUrl({})).toBeUndefined();
    expect(from('')).toBeUndefined();
  });

  it('is an address of loopback, without a slash at its end', () => {
    expect(from('http://127.0.0.1:8474')).toBe('http://127.0.0.1:8474');
    expect(from('http://localhost:8474/')).toBe('http://127.0.0.1:8474');
    expect(from('http://[::1]:9000/')).toBe('http://[::1]:9000');
    expect(from('http://127.0.0.1')).toBe('http://127.0.0.1');
  });

  it.each([
    ['not an address', 'no address'],
    ['127.0.0.1:8474', 'no address'],
    ['https://127.0.0.1:8474', 'speaks http'],
    ['http://toxiproxy:8474', 'only loopback'],
    ['http://10.0.0.7:8474', 'only loopback'],
    ['http://127.0.0.1.example.org:8474', 'only loopback'],
    ['http://localhost@10.0.0.7:8474', 'only loopback'],
    ['http://0.0.0.0:8474', 'only loopback'],
    ['http://me:secret@127.0.0.1:8474', 'no user and no password'],
    ['http://127.0.0.1:8474/proxies', 'after the port'],
    ['http://127.0.0.1:8474/?a', 'after the port'],
  ])('is refused as %s', (url, why) => {
    expect(() => from(url)).toThrow(why);
    expect(() => from(url)).toThrow(expect.objectContaining({ code: 'RF-TOXIPROXY-URL', exitCode: 3 }));
    expect(() => from(url)).not.toThrow('secret');
  });
});
