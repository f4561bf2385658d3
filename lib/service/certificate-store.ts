/** Which certificate the service shows under each host name: the world's own, or others for as long as a fault wants it. */

import { createSecureContext, type SecureContext } from 'node:tls';
import { UsageError } from '../errors/regionfall-error.ts';
import type { Certificates } from './region-listener.ts';
import type { HostCertificate } from './service-config.ts';

export interface CertificateStore {
  /** What a handshake asks, name by name; always up to date. */
  readonly certificates: Certificates;
  /**
   * Shows others under these names until released; the latest of several is shown.
   * @throws {UsageError} RF-SERVICE-FAULT for a name that the service does not answer to, or what is no certificate.
   */
  replace(others: readonly HostCertificate[]): () => void;
}

/** @param changed Called when names show something else than before: sessions begun earlier would hide it. */
export function createCertificateStore(
  own: readonly HostCertificate[],
  changed: (hosts: readonly string[]) => void,
): CertificateStore {
  const replacements = new Set<ReadonlyMap<string, SecureContext>>();
  const replacedFor = (host: string): SecureContext | undefined => {
    let latest: SecureContext | undefined;
    for (const replacement of replacements) latest = replacement.get(host) ?? latest;
    return latest;
  };
  const contextOf = createContexts();
  const certificates = new Map(
    own.map((certificate) => [
      certificate.host,
      () => (replacements.size === 0 ? undefined : replacedFor(certificate.host)) ?? contextOf(certificate),
    ]),
  );
  return {
    certificates,
    replace: (others) => {
      const hosts = others.map(({ host }) => host);
      const stranger = hosts.find((host) => !certificates.has(host));
      if (stranger !== undefined) {
        throw refusal(`nothing in this world answers under '${stranger}'`, 'name a host of its Regions');
      }
      const contexts = createContexts();
      const replacement = new Map(others.map((other) => [other.host, usable(other, contexts)]));
      replacements.add(replacement);
      changed(hosts);
      return () => {
        if (replacements.delete(replacement)) changed(hosts);
      };
    },
  };
}

/**
 * Hosts that share a certificate share its context: parsing one costs more than a handshake. Of two hundred hosts a
 * world uses a few, so each is parsed when it is first asked for.
 */
function createContexts(): (certificate: HostCertificate) => SecureContext {
  const byPem = new Map<string, SecureContext>();
  return ({ certificatePem, keyPem }) => {
    const context = byPem.get(certificatePem) ?? createSecureContext({ cert: certificatePem, key: keyPem });
    byPem.set(certificatePem, context);
    return context;
  };
}

/** OpenSSL's own words are not passed on: they might quote the key. */
function usable(other: HostCertificate, contexts: (certificate: HostCertificate) => SecureContext) {
  try {
    return contexts(other);
  } catch {
    throw refusal(`the certificate and key given for '${other.host}' cannot be used`, 'give both as PEM');
  }
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, { code: 'RF-SERVICE-FAULT', hint });
}
