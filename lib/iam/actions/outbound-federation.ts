/** Whether STS signs web identity tokens for the account, and under which issuer. */

import type { Era } from '../../aws/eras.ts';
import type { Account } from '../../identity/state.ts';
import { outboundIssuer } from '../../sts/federation/outbound-token.ts';
import { action, change, EVERYTHING, type IamAction } from '../action.ts';
import { refusal } from '../errors.ts';

const existsIn = ({ actions }: Era): boolean => actions.has('GetWebIdentityToken');

const enable = action({
  name: 'EnableOutboundWebIdentityFederation',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => {
    const issuer = call.account.issuerId;
    change(call, (account) => {
      if (account.settings.outboundIssuer !== undefined) {
        throw refusal(409, 'FeatureEnabled', 'Outbound web identity federation is already enabled.');
      }
      return { ...account, settings: { ...account.settings, outboundIssuer: issuer } };
    });
    return [['IssuerIdentifier', outboundIssuer(issuer)]];
  },
});

const info = action({
  name: 'GetOutboundWebIdentityFederationInfo',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, { account }) => [
    ['IssuerIdentifier', outboundIssuer(theIssuer(account))],
    ['JwtVendingEnabled', true],
  ],
});

/** Enabling it again brings the same issuer back: whether the real one comes back is not known. */
const disable = action({
  name: 'DisableOutboundWebIdentityFederation',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => {
    change(call, (account) => {
      theIssuer(account);
      const settings = { ...account.settings };
      delete (settings as { outboundIssuer?: string }).outboundIssuer;
      return { ...account, settings };
    });
    return undefined;
  },
});

export const OUTBOUND_FEDERATION_ACTIONS: readonly IamAction[] = [enable, info, disable];

/** Code and status are the MODEL's, the words are GUESSED. @throws {Refusal} FeatureDisabled. */
function theIssuer({ settings }: Account): string {
  if (settings.outboundIssuer !== undefined) return settings.outboundIssuer;
  throw refusal(404, 'FeatureDisabled', 'Outbound web identity federation is not enabled.');
}
