/**
 * An account's opt-in to a Region is withdrawn: the Region knows the account no more, and calls its keys invalid, which
 * sends people to look for a leaked or deleted key. Source: github.com/segmentio/aws-okta issue 225.
 */

import { region } from '../../aws/regions.ts';
import { stsLinks } from '../../journal/event.ts';
import { defineFaultKind, HITS_NOTHING } from '../fault-kind.ts';
import { accountsOf, matchingLinks, regionTarget } from '../target.ts';
import { errorProbe, timesOfChange } from './settings.ts';

export const optInWithdrawn = defineFaultKind({
  kind: 'opt-in-withdrawn',
  about: "An account's opt-in to a Region is withdrawn: the Region does not know its keys any more.",
  fields: { target: regionTarget },
  title: (spec) => `the opt-in to ${spec.target.region} is withdrawn`,
  plan: (spec, view) => {
    const accounts = accountsOf(spec.target, view);
    const links = stsLinks(matchingLinks({ region: spec.target.region }, view));
    if (accounts.length === 0 || links.length === 0) return HITS_NOTHING;
    return {
      links: links.map((link) => link.id),
      regions: [spec.target.region],
      orders: accounts.map((account) => ({
        to: 'service',
        fault: { kind: 'opt-in-withdrawn', account, region: spec.target.region },
      })),
      probes: links.flatMap((link) =>
        accounts.map((account) => ({ ...errorProbe(link, 'AssumeRole', ['InvalidClientTokenId']), account })),
      ),
      ...timesOfChange(view),
    };
  },
  check: (spec) => {
    const found = region(spec.target.region);
    if (found === undefined || found.enabledBy === 'opt-in') return [];
    return [
      {
        place: 'target.region',
        value: spec.target.region,
        message: 'every account has this Region, and nobody can opt out of it',
        hint:
          found.stsSwitch === 'switchable'
            ? "write kind: 'region-deactivated' for its STS, or choose an opt-in Region, such as ap-east-1"
            : 'choose an opt-in Region, such as ap-east-1',
      },
    ];
  },
});
