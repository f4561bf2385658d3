/**
 * What the issuer of an account's own tokens publishes under its host name: the discovery document and its keys, so
 * that anybody can verify a token of GetWebIdentityToken. Needs no signature. Sources: OpenID Connect Discovery 1.0,
 * section 4; the documents of real issuers of this kind.
 */

import type { RegionView } from '../../identity/region-view.ts';
import { type Answer, bare } from '../answer.ts';
import type { ReceivedRequest, Served } from '../region-service.ts';
import type { Federation } from './federation.ts';
import { discoveryDocument, outboundIssuer, outboundKeySet } from './outbound-token.ts';

export interface IssuerDocuments {
  answer(request: ReceivedRequest): Served;
}

/** Of one account. @param view As the Region that publishes knows the account. */
export function createIssuerDocuments(
  account: string,
  view: RegionView,
  { outboundKeysOf }: Federation,
): IssuerDocuments {
  const documentAt = (path: string): object | undefined => {
    const id = view.account(account)?.settings.outboundIssuer;
    if (id === undefined) return undefined;
    if (path === '/.well-known/openid-configuration') return discoveryDocument(outboundIssuer(id));
    return path === '/.well-known/jwks.json' ? outboundKeySet(outboundKeysOf(account)) : undefined;
  };
  return {
    answer: ({ http }) => {
      const found = http.method === 'GET' ? documentAt(http.path) : undefined;
      return {
        answer: found === undefined ? MISSING : published(found),
        operation: '',
        accessKeyId: '',
        account,
      };
    },
  };
}

/** The host name under which an account's issuer publishes. @param id UUID. */
export function issuerHost(id: string): string {
  return new URL(outboundIssuer(id)).host;
}

const MISSING = bare(404, 'NotFound');

function published(document: object): Answer {
  return { status: 200, contentType: 'application/json', errorCode: '', body: JSON.stringify(document) };
}
