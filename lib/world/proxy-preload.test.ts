import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from './certificates.ts';

const HOST = 'sts.eu-west-1.amazonaws.com';
const PRELOAD = fileURLToPath(new URL('./proxy-preload.cjs', import.meta.url));
/** As the AWS SDK does it: an agent of its own, which no proxy variable reaches. Two calls over one connection. */
const PROGRAM = `
  const https = require('node:https');
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const call = () => new Promise((resolve) => {
    const request = https.request({ host: '${HOST}', path: '/', agent }, (response) => {
      let body = '';
      response.on('data', (chunk) => { body += chunk; }).on('end', () => resolve(response.statusCode + ' ' + body + ' ' + request.reusedSocket));
    });
    request.on('error', (error) => resolve(error.code)).end();
  });
  (async () => { console.log(await call()); console.log(await call()); agent.destroy(); })();
`;

describe('a Node program with the preload', () => {
  let folder = '';
  let service: Server;
  let proxy: Server;
  let refusing = false;
  const asked: string[] = [];
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regionfall-preload-'));
    const authority = await createAuthority(Date.now());
    await writeFile(join(folder, 'ca.pem'), authority.caPem);
    const { certificatePem: cert, keyPem: key } = await authority.issue(HOST);
    service = createTlsServer({ cert, key }, (request, response) => response.end(request.headers.host));
    proxy = createServer();
    for (const server of [service, proxy]) server.on('connection', (socket) => sockets.add(socket));
    proxy.on('connect', (request, caller: Socket, head: Buffer) => {
      asked.push(request.url ?? '');
      if (refusing) caller.resetAndDestroy();
      else {
        const upstream = connect((service.address() as AddressInfo).port, '127.0.0.1', () => {
          caller.write('HTTP/1.1 200 Connection established\r\n\r\n');
          upstream.write(head);
          caller.pipe(upstream).pipe(caller);
        });
      }
    });
    for (const server of [service, proxy]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of [service, proxy]) await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  function run(): Promise<string> {
    const env = {
      PATH: process.env['PATH'] ?? '',
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      NO_PROXY: '127.0.0.1,localhost,::1',
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      NODE_OPTIONS: `--require=${PRELOAD}`,
    };
    return new Promise((resolve, reject) => {
      execFile(process.execPath, ['-e', PROGRAM], { env, timeout: 10_000 }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new Error(`${error.message}\n${stderr}`));
      });
    });
  }

  test('reaches STS through the proxy with its own agent, and keeps the connection', async () => {
    expect(await run()).toBe(`200 ${HOST} false\n200 ${HOST} true`);
    expect(asked).toEqual([`${HOST}:443`]);
  });

  test('sees the reset of a refused endpoint as a reset', async () => {
    refusing = true;
    try {
      expect(await run()).toBe('ECONNRESET\nECONNRESET');
    } finally {
      refusing = false;
    }
  });
});
