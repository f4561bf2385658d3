/** Central root access: whether the management account of an organization may take root sessions in its members. */

import type { Era } from '../../aws/eras.ts';
import type { Members } from '../../aws/query-answer.ts';
import type { OrganizationMembership } from '../../identity/state.ts';
import { action, EVERYTHING, type IamAction, type IamCall } from '../action.ts';
import { refusal } from '../errors.ts';
import { listOf } from '../shapes.ts';

const existsIn = ({ actions }: Era): boolean => actions.has('AssumeRoot');

const enable = action({
  name: 'EnableOrganizationsRootSessions',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => switchRootSessions(call, true),
});

const disable = action({
  name: 'DisableOrganizationsRootSessions',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => switchRootSessions(call, false),
});

const listFeatures = action({
  name: 'ListOrganizationsFeatures',
  existsIn,
  fields: {},
  target: () => EVERYTHING,
  run: (_input, call) => answer(theOrganization(call), call.account.settings.rootSessionsEnabled),
});

export const ORGANIZATIONS_ACTIONS: readonly IamAction[] = [enable, disable, listFeatures];

/** Every account of the organization learns of it, each by a change of its own. */
function switchRootSessions(call: IamCall, enabled: boolean): Members {
  const organization = theOrganization(call);
  for (const { id, organization: other } of call.state.accounts.values()) {
    if (other?.id !== organization.id) continue;
    call.identity.plane.change(id, (account) => ({
      ...account,
      settings: { ...account.settings, rootSessionsEnabled: enabled },
    }));
  }
  return answer(organization, enabled);
}

function answer({ id }: OrganizationMembership, enabled: boolean): Members {
  return [
    ['OrganizationId', id],
    ['EnabledFeatures', listOf(enabled ? ['RootSessions'] : [], (feature) => feature)],
  ];
}

/** Codes and statuses are the MODEL's, the words are GUESSED. @throws {Refusal} */
function theOrganization({ account: { id, organization } }: IamCall): OrganizationMembership {
  if (organization === undefined) {
    throw refusal(400, 'OrganizationNotFoundException', 'The account does not belong to an organization.');
  }
  const { managementAccount, delegatedAdministrators } = organization;
  if (id !== managementAccount && !delegatedAdministrators.includes(id)) {
    throw refusal(
      400,
      'AccountNotManagementOrDelegatedAdministratorException',
      'The account is neither the management account of its organization nor a delegated administrator for IAM.',
    );
  }
  return organization;
}
