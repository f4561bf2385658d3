/**
 * An account switches STS off in a Region. Actions that issue credentials fail with RegionDisabledException while
 * GetCallerIdentity goes on answering, so every health check built on it stays green: both are probed.
 * Sources: AWS, "Manage AWS STS in an AWS Region"; github.com/aws/aws-sdk-go-v2 issue 2846.
 */

import { endpointOfHost } from '../../aws/endpoints.ts';
import { region } from '../../aws/regions.ts';
import { stsLinks } from '../../journal/event.ts';
import { DEFAULT_PROVE_WITHIN_MS, defineFaultKind, HITS_NOTHING } from '../fault-kind.ts';
import { accountsOf, matchingLinks, regionTarget } from '../target.ts';
import { errorProbe } from './settings.ts';

export const regionDeactivated = defineFaultKind({
  kind: 'region-deactivated',
  about: 'An account switches STS off in a Region: no credentials, while GetCallerIdentity answers.',
  fields: { target: regionTarget },
  title: (spec) => `STS is switched off in ${spec.target.region}`,
  plan: (spec, view) => {
    const accounts = accountsOf(spec.target, view);
    // The global endpoint cannot be switched off, wherever it is served.
    const links = stsLinks(matchingLinks({ region: spec.target.region }, view)).filter(
      (link) => endpointOfHost(link.host)?.kind !== 'global',
    );
    if (accounts.length === 0 || links.length === 0) return HITS_NOTHING;
    return {
      links: links.map((link) => link.id),
      regions: [spec.target.region],
      orders: accounts.map((account) => ({
        to: 'service',
        fault: { kind: 'region-off', account, region: spec.target.region },
      })),
      probes: links.flatMap((link) =>
        accounts.flatMap((account) => {
          const issuing = { ...errorProbe(link, 'AssumeRole', ['RegionDisabledException']), account };
          return [issuing, { ...issuing, operation: 'GetCallerIdentity', during: { kind: 'ok' } } as const];
        }),
      ),
      proveWithinMs: DEFAULT_PROVE_WITHIN_MS,
    };
  },
  check: (spec) => {
    const found = region(spec.target.region);
    if (found === undefined || found.stsSwitch === 'switchable') return [];
    return [
      {
        place: 'target.region',
        value: spec.target.region,
        message:
          found.stsSwitch === 'fixed-on'
            ? 'STS cannot be switched off in this Region'
            : 'an opt-in Region has no switch for STS: it comes and goes with the Region itself',
        hint:
          found.stsSwitch === 'fixed-on'
            ? 'choose a Region that is enabled by default, such as eu-west-1'
            : "write kind: 'opt-in-withdrawn'",
      },
    ];
  },
});
