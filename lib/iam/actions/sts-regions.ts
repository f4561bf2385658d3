/**
 * The emulator's own two actions, for what AWS has in its console only: the switch that turns STS of a Region on or off
 * for an account. Who may move it is the launch announcement's rule: an administrator, whom it defines as a user with
 * at least `iam:*`.
 */

import { regionInEra } from '../../aws/eras.ts';
import { partition as partitionNamed } from '../../aws/partitions.ts';
import { UsageError } from '../../errors/regionfall-error.ts';
import { ControlPlaneDown } from '../../identity/control-plane.ts';
import { action, EVERYTHING, type IamAction, type IamCall } from '../action.ts';
import { accessDenied, invalidInput } from '../errors.ts';
import { text } from '../fields.ts';
import { IAM_WRITES } from '../iam-writes.ts';
import { listOf } from '../shapes.ts';

const setStatus = action({
  name: 'RegionfallSetStsRegionStatus',
  decidesItself: true,
  fields: {
    Region: text({ minimum: 1, maximum: 64 }),
    Status: text({ values: ['Active', 'Inactive'] }),
  },
  target: () => EVERYTHING,
  run: ({ Region, Status }, call) => {
    refuseOthers(call);
    try {
      call.identity.switchRegion({
        account: call.account.id,
        region: Region,
        active: Status === 'Active',
      });
    } catch (cause) {
      // A Region that has no switch, and why.
      if (cause instanceof UsageError && !(cause instanceof ControlPlaneDown)) {
        throw invalidInput(cause.message);
      }
      throw cause;
    }
    return [
      ['Region', Region],
      ['Status', Status],
    ];
  },
});

const listStatus = action({
  name: 'RegionfallListStsRegionStatus',
  decidesItself: true,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => {
    refuseOthers(call);
    const { account, identity, nowMs } = call;
    const { era, switches } = identity;
    const regions = partitionNamed(account.partition)
      .regions.map(({ id }) => regionInEra(id, era))
      .filter((region) => region !== undefined);
    return [
      [
        'Regions',
        listOf(regions, ({ id, stsSwitch }) => [
          ['Region', id],
          ['Status', switches.isActive(account, id, nowMs) ? 'Active' : 'Inactive'],
          ['CanBeChanged', stsSwitch === 'switchable'],
        ]),
      ],
    ];
  },
});

export const STS_REGION_ACTIONS: readonly IamAction[] = [setStatus, listStatus];

/**
 * The evaluator is asked for the action `iam:*` on `*`, which only a grant of all of IAM covers, and then for everything
 * in IAM that changes something: whoever is denied one of those, or is not given it, does not hold `iam:*`. A Deny that
 * names single resources does not count. @throws {Refusal} AccessDenied.
 */
function refuseOthers({ denial }: IamCall): void {
  for (const name of ['iam:*', ...IAM_WRITES]) {
    const sentence = denial(name, '*');
    if (sentence !== undefined) throw accessDenied(sentence);
  }
}
