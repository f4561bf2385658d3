/** The service shows a certificate that no caller may accept: expired, of another name, or of nobody it trusts. */

import { z } from 'zod';
import type { CertificateTrouble } from '../control.ts';
import { DEFAULT_PROVE_WITHIN_MS, defineFaultKind, HITS_NOTHING } from '../fault-kind.ts';
import { describeTarget, endpointTarget, linksByName, regionsHit } from '../target.ts';
import { errorProbe } from './settings.ts';

/** What Node says of each, as observed; of an unknown authority it depends on how much of the chain is shown. */
const CODES: Readonly<Record<CertificateTrouble, readonly string[]>> = {
  expired: ['CERT_HAS_EXPIRED'],
  'other-name': ['ERR_TLS_CERT_ALTNAME_INVALID'],
  'unknown-authority': [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_GET_ISSUER_CERT',
    'CERT_SIGNATURE_FAILURE',
  ],
};

const WORDS: Readonly<Record<CertificateTrouble, string>> = {
  expired: 'an expired certificate',
  'other-name': 'a certificate of another name',
  'unknown-authority': 'a certificate of an unknown authority',
};

export const certificate = defineFaultKind({
  kind: 'certificate',
  about: 'New connections are shown a certificate that a caller must refuse; open ones live on.',
  fields: {
    target: endpointTarget,
    trouble: z
      .enum(['expired', 'other-name', 'unknown-authority'])
      .describe('What is wrong with the certificate.'),
  },
  title: ({ target, trouble }) => `${describeTarget(target)} shows ${WORDS[trouble]}`,
  plan: ({ target, trouble }, view) => {
    const links = linksByName(target, view.links);
    if (links.length === 0) return HITS_NOTHING;
    const hosts = [...new Set(links.map(({ host }) => host))];
    return {
      links: links.map((link) => link.id),
      regions: regionsHit(target),
      orders: [{ to: 'service', fault: { kind: 'certificate', hosts, trouble } }],
      probes: links.map((link) => errorProbe(link, 'AssumeRole', CODES[trouble])),
      proveWithinMs: DEFAULT_PROVE_WITHIN_MS,
    };
  },
});
