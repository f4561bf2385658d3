import { type AddressInfo, connect as connectPlain, createServer } from 'node:net';
import { connect } from 'node:tls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helloName } from './client-hello.ts';

/** What a real TLS client says first. */
async function helloOf(options: {
  servername?: string;
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
  maxVersion?: 'TLSv1.2';
}): Promise<Buffer> {
  const heard = Promise.withResolvers<Buffer>();
  const server = createServer((socket) => {
    socket
      .on('error', () => {})
      .once('data', (bytes: Buffer) => {
        heard.resolve(bytes);
        socket.destroy();
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  connect({ socket: connectPlain(port, '127.0.0.1'), ...options }).on('error', () => {});
  const bytes = await heard.promise;
  await new Promise((resolve) => server.close(resolve));
  return bytes;
}

const servername = 'sts.eu-west-1.amazonaws.com';

describe('the name in a ClientHello', () => {
  it.each([{ minVersion: 'TLSv1.3' as const }, { maxVersion: 'TLSv1.2' as const }, {}])(
    'is what a real client asks for, however it speaks: %o',
    async (versions) => {
      expect(helloName(await helloOf({ servername, ...versions }))).toBe(servername);
    },
  );

  it('is none where the client names nobody, and for what is no TLS', async () => {
    expect(helloName(await helloOf({}))).toBe('none');
    expect(helloName(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toBe('none');
    expect(helloName(Buffer.alloc(0))).toBe('more');
  });

  it('needs the whole of it, in however many pieces and records it comes', async () => {
    const hello = await helloOf({ servername });
    for (let length = 0; length < hello.length; length += 1) {
      expect(helloName(hello.subarray(0, length))).toBe('more');
    }
    const record = (part: Buffer): Buffer => {
      const header = Buffer.from([22, 3, 1, 0, 0]);
      header.writeUInt16BE(part.length, 3);
      return Buffer.concat([header, part]);
    };
    const message = hello.subarray(5);
    for (const cut of [1, 3, 4, 60, message.length - 1]) {
      const two = Buffer.concat([record(message.subarray(0, cut)), record(message.subarray(cut))]);
      expect(helloName(two)).toBe(servername);
    }
  });

  it('is never more than a host name, and no bytes are too strange to look at', async () => {
    const hello = await helloOf({ servername });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const bent = Buffer.from(hello);
        for (const [at, value] of changes) bent[at] = value;
        expect(helloName(bent)).toMatch(/^[a-z0-9.-]+$/);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(helloName(Buffer.from(bytes))).toMatch(/^[a-z0-9.-]+$/);
      }),
    );
  });
});
