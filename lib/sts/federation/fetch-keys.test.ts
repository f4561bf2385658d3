import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchKeys } from './fetch-keys.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/keys`;
}

describe('fetching keys', () => {
  test('gives the text of a document on this machine', async () => {
    const url = await serve((_request, response) => void response.end('{"keys":[]}'));
    await expect(fetchKeys(url)).resolves.toBe('{"keys":[]}');
  });

  test('follows no redirect', async () => {
    const target = await serve((_request, response) => void response.end('{}'));
    const url = await serve((_request, response) => void response.writeHead(302, { location: target }).end());
    await expect(fetchKeys(url)).rejects.toThrow('answered 302');
  });

  test('reads no more than 100 KiB', async () => {
    const url = await serve((_request, response) => void response.end('x'.repeat(200 * 1024)));
    await expect(fetchKeys(url)).rejects.toThrow('more than');
  });

  test('waits no longer than two seconds', async () => {
    const url = await serve((_request, response) => void response.write('{'));
    await expect(fetchKeys(url)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('says no when nobody listens', async () => {
    await expect(fetchKeys('http://127.0.0.1:1/keys')).rejects.toThrow('ECONNREFUSED');
  });

  test('goes nowhere else', async () => {
    await expect(fetchKeys('http://192.0.2.1/keys')).rejects.toThrow('no address of this machine');
  });
});
