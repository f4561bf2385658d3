/**
 * An account's global endpoint goes back to tokens of version 1, which opt-in Regions do not accept: sessions from
 * sts.amazonaws.com work at home and fail there. Source: AWS, "Manage AWS STS in an AWS Region", on token versions.
 */

import { z } from 'zod';
import { GLOBAL_ENDPOINT } from '../../aws/endpoints.ts';
import { region } from '../../aws/regions.ts';
import { stsLinks } from '../../journal/event.ts';
import { defineFaultKind, HITS_NOTHING, probeTimeLimitMs } from '../fault-kind.ts';
import { accountTarget } from '../target.ts';
import { errorProbe, timesOfChange } from './settings.ts';

export const tokenVersion = defineFaultKind({
  kind: 'token-version',
  about: 'The global endpoint gives tokens of version 1, which opt-in Regions do not accept.',
  fields: {
    target: accountTarget,
    version: z
      .literal(1)
      .default(1)
      .describe('Of the tokens; those of version 2 are good everywhere and harm nobody.'),
  },
  title: ({ version }) => `the global endpoint gives tokens of version ${version}`,
  plan: ({ target, version }, view) => {
    const { partition } = GLOBAL_ENDPOINT;
    const accounts = view.accounts.filter(
      ({ id, partition: own }) =>
        own === partition && (target.account === undefined || id === target.account),
    );
    const toGlobal = view.links.filter(({ host }) => host === GLOBAL_ENDPOINT.host);
    const links = stsLinks(view.links).filter(
      (link) =>
        region(link.servingRegion)?.enabledBy === 'opt-in' &&
        link.partition === partition &&
        toGlobal.some(({ location }) => location === link.location),
    );
    if (accounts.length === 0 || links.length === 0) return HITS_NOTHING;
    return {
      links: links.map((link) => link.id),
      regions: [],
      orders: accounts.map(({ id }) => ({
        to: 'service',
        fault: { kind: 'token-version', account: id, version },
      })),
      probes: links.flatMap((link) =>
        accounts.map(({ id }) => ({
          ...errorProbe(link, 'UseGlobalToken', ['InvalidClientTokenId']),
          account: id,
          // The session is fetched first, from another host.
          timeLimitMs:
            probeTimeLimitMs(link.roundTripMs) +
            probeTimeLimitMs(toGlobal.find(({ location }) => location === link.location)?.roundTripMs ?? 0),
        })),
      ),
      ...timesOfChange(view),
    };
  },
});
