import {
  type AddressInfo,
  connect as connectPlain,
  createServer as createPlainServer,
  type Server,
} from 'node:net';
import { connect, createServer } from 'node:tls';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Authority, createAuthority } from './certificates.ts';
import { type FrontDoor, openFront } from './front.ts';

const IRELAND = 'sts.eu-west-1.amazonaws.com';
const FRANKFURT = 'sts.eu-central-1.amazonaws.com';
const LOST = 'sts.us-east-1.amazonaws.com';

let authority: Authority;
beforeAll(async () => {
  authority = await createAuthority(Date.now());
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Says who it is over TLS. */
async function endpoint(host: string): Promise<number> {
  const { certificatePem: cert, keyPem: key } = await authority.issue(host);
  return listening(createServer({ cert, key }, (socket) => socket.on('error', () => {}).end(`I am ${host}`)));
}

async function frontOf(...doors: FrontDoor[]): Promise<readonly number[]> {
  const front = await openFront({ address: '127.0.0.1', doors });
  onTestFinished(() => front.close());
  return front.ports;
}

/** All that is heard under the name, or the code of the error. */
function ask(port: number, servername: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    connect({ port, host: '127.0.0.1', servername, ca: authority.caPem })
      .setEncoding('utf8')
      .on('data', (text: string) => {
        heard += text;
      })
      .on('end', () => resolve(heard))
      .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? ''));
  });
}

describe('the front of a world', () => {
  test('leads each name to its own endpoint, under its own certificate', async () => {
    const names = new Map([
      [IRELAND, await endpoint(IRELAND)],
      [FRANKFURT, await endpoint(FRANKFURT)],
    ]);
    const [port = 0] = await frontOf({ port: 0, names });
    expect(await Promise.all([IRELAND, FRANKFURT].map((name) => ask(port, name)))).toEqual([
      `I am ${IRELAND}`,
      `I am ${FRANKFURT}`,
    ]);
  });

  test('resets who asks for a name of no Region here, or of one that refuses', async () => {
    const closed = createPlainServer();
    const deadPort = await listening(closed);
    await new Promise((resolve) => closed.close(resolve));
    const [port = 0] = await frontOf({ port: 0, names: new Map([[LOST, deadPort]]) });
    expect(await ask(port, LOST)).toBe('ECONNRESET');
    expect(await ask(port, IRELAND)).toBe('ECONNRESET');
  });

  test('leads everything at another door to one port', async () => {
    const to = await listening(createPlainServer((socket) => void socket.pipe(socket)));
    const [port = 0] = await frontOf({ port: 0, leadsTo: to });
    const answer = await new Promise<string>((resolve) => {
      const socket = connectPlain(port, '127.0.0.1', () => socket.write('hello'));
      socket.once('data', (bytes: Buffer) => {
        socket.destroy();
        resolve(bytes.toString());
      });
    });
    expect(answer).toBe('hello');
  });

  test('that finds a port taken leaves no other door open', async () => {
    const taken = await listening(createPlainServer());
    const free = createPlainServer();
    const port = await listening(free);
    await new Promise((resolve) => free.close(resolve));
    const doors = [
      { port, leadsTo: taken },
      { port: taken, leadsTo: taken },
    ];
    await expect(openFront({ address: '127.0.0.1', doors })).rejects.toMatchObject({ code: 'RF-PORT-TAKEN' });
    await expect(
      new Promise((resolve, reject) => connectPlain(port, '127.0.0.1', () => resolve(0)).on('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('lets nobody stay when it closes', async () => {
    const front = await openFront({ address: '127.0.0.1', doors: [{ port: 0, names: new Map() }] });
    const socket = connectPlain(front.ports[0] ?? 0, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await front.close();
    await closed;
  });
});
