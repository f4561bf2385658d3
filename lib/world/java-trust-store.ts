/**
 * A trust store for Java programs, which read no PEM file: the world's authority in the JKS format, which every Java
 * since 1.2 opens. Pure, and the same authority always gives the same bytes.
 */

import { createHash, X509Certificate } from 'node:crypto';

/** Java's own default. It guards nothing: the store holds a certificate that everyone may read. */
export const TRUST_STORE_PASSWORD = 'changeit';

/**
 * The bytes of a store with one trusted certificate. All numbers big-endian:
 *
 *     feedfeed  version 2  entries 1
 *       kind 2 (trusted certificate)  alias  created (ms, 64 bits)  "X.509"  length (32 bits)  DER
 *     SHA-1 over password, "Mighty Aphrodite" and all of the above
 *
 * where texts are led by their length in 16 bits. Source: the JDK's sun.security.provider.JavaKeyStore.
 *
 * @throws when `caPem` is no certificate.
 */
export function javaTrustStore(caPem: string): Uint8Array {
  const certificate = new X509Certificate(caPem);
  const entry = Buffer.concat([
    uint32(TRUSTED_CERTIFICATE),
    text('regionfall'),
    // The certificate's own beginning instead of the clock: nobody reads it but `keytool -list`.
    uint64(Date.parse(certificate.validFrom)),
    text('X.509'),
    uint32(certificate.raw.length),
    certificate.raw,
  ]);
  const store = Buffer.concat([uint32(MAGIC), uint32(VERSION), uint32(1), entry]);
  const seal = createHash('sha1')
    .update(Buffer.from(TRUST_STORE_PASSWORD, 'utf16le').swap16())
    .update('Mighty Aphrodite')
    .update(store);
  return Buffer.concat([store, seal.digest()]);
}

const MAGIC = 0xfeedfeed;
const VERSION = 2;
const TRUSTED_CERTIFICATE = 2;

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** ASCII, for which Java's modified UTF-8 is plain. */
function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'ascii')]);
}
