/**
 * The server name in the first bytes of a TLS connection (RFC 8446 section 4.1.2, RFC 6066 section 3). Reads what a
 * client says before anything is encrypted, and nothing else. Pure.
 */

/** More bytes are needed; or there is no name in them and never will be. */
export type HelloName = string | 'more' | 'none';

/** Hellos with post-quantum key shares have some 1,800 bytes; nothing honest comes near this. */
const MAXIMUM_BYTES = 16_384;

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME_EXTENSION = 0;
const HOST_NAME = 0;
const RECORD_HEADER = 5;
const MESSAGE_HEADER = 4;
/** Version and random. */
const FIXED_BYTES = 34;

/** @param bytes All that came so far. The name is lower case. */
export function helloName(bytes: Buffer): HelloName {
  const message = handshakeOf(bytes);
  if (typeof message === 'string') return message;
  try {
    return nameIn(message);
  } catch {
    // A field that claims more than there is.
    return 'none';
  }
}

/** The whole ClientHello, put together from as many records as it was cut into. */
function handshakeOf(bytes: Buffer): Buffer | 'more' | 'none' {
  const parts: Buffer[] = [];
  let length = 0;
  let at = 0;
  for (;;) {
    if (bytes.length > at && bytes[at] !== HANDSHAKE_RECORD) return 'none';
    if (bytes.length < at + RECORD_HEADER) return bytes.length > MAXIMUM_BYTES ? 'none' : 'more';
    const end = at + RECORD_HEADER + bytes.readUInt16BE(at + 3);
    const part = bytes.subarray(at + RECORD_HEADER, end);
    parts.push(part);
    length += part.length;
    const message = Buffer.concat(parts);
    if (message.length > 0 && message[0] !== CLIENT_HELLO) return 'none';
    if (length >= MESSAGE_HEADER && length >= MESSAGE_HEADER + message.readUIntBE(1, 3)) {
      return message.subarray(MESSAGE_HEADER, MESSAGE_HEADER + message.readUIntBE(1, 3));
    }
    if (bytes.length < end) return bytes.length > MAXIMUM_BYTES ? 'none' : 'more';
    at = end;
  }
}

/** @throws RangeError for a message that is cut short inside. */
function nameIn(hello: Buffer): string | 'none' {
  let at = FIXED_BYTES;
  at += 1 + hello.readUInt8(at); // Session id.
  at += 2 + hello.readUInt16BE(at); // Cipher suites.
  at += 1 + hello.readUInt8(at); // Compression methods.
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const type = hello.readUInt16BE(at);
    const size = hello.readUInt16BE(at + 2);
    at += 4;
    // A list of one name of one kind is all that clients ever send: length of the list, kind, length of the name.
    if (type === SERVER_NAME_EXTENSION && hello.readUInt8(at + 2) === HOST_NAME) {
      const name = hello.toString('latin1', at + 5, at + 5 + hello.readUInt16BE(at + 3)).toLowerCase();
      return /^[a-z0-9.-]+$/.test(name) ? name : 'none';
    }
    at += size;
  }
  return 'none';
}
