/**
 * IAM of one partition, from a request as received to the answer's bytes; touches no socket. It reads and writes what
 * the control plane has, but knows its callers as the leader Region does, where changes arrive late like anywhere else.
 * While the control plane is down it answers neither reads nor writes: both are the control plane's.
 */

import { accountOfAccessKeyId } from '../aws/access-key.ts';
import { leaderRegion } from '../aws/control-plane-endpoints.ts';
import { ControlPlaneDown } from '../identity/control-plane.ts';
import { contextValues } from '../identity/policy/context.ts';
import { type Answer, type AnswerForm, failure, success } from '../sts/answer.ts';
import { authenticate, type Verifier } from '../sts/authenticate.ts';
import type { Asking } from '../sts/authorize.ts';
import type { Caller } from '../sts/caller.ts';
import { accessDenied, INTERNAL_FAILURE, type StsError } from '../sts/errors.ts';
import type { ReceivedRequest } from '../sts/region-service.ts';
import type { IamAction, IamCall } from './action.ts';
import { dispatch } from './dispatch.ts';
import { Refusal, SERVICE_UNAVAILABLE } from './errors.ts';
import { denialOf } from './permission.ts';
import { type ControlPlaneService, type ControlPlaneServiceOptions, refusedSession } from './service.ts';

export const IAM_NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/';

export function createIamService(options: ControlPlaneServiceOptions): ControlPlaneService {
  const { identity, partition, random } = options;
  const { era, plane } = identity;
  const region = leaderRegion('iam', partition);
  const verifier: Verifier = {
    identity,
    view: identity.view(region, partition),
    tokenKey: identity.keysOf(partition).sessionTokens,
  };

  const perform = (
    action: IamAction,
    parameters: ReadonlyMap<string, string>,
    caller: Caller,
    request: ReceivedRequest,
    form: AnswerForm,
  ): Answer => {
    if (!plane.isUp(partition)) return failure(SERVICE_UNAVAILABLE, form);
    const state = plane.state();
    const account = state.accounts.get(caller.principal.account);
    if (account === undefined) return failure(INTERNAL_FAILURE, form);
    const { nowMs, sourceIp, http } = request;
    const asking: Asking = { caller, nowMs, endpointRegion: region, sourceIp, http };
    const call: IamCall = {
      caller,
      account,
      state,
      identity,
      random,
      nowMs,
      denial: (name, resource) => denialOf(asking, { action: name, resource, resourceAccount: account.id }),
    };
    const prepared = action.prepare(parameters, call);
    if ('error' in prepared) return failure(prepared.error, form);
    const { target, conditions } = prepared;
    const denial = action.decidesItself
      ? undefined
      : denialOf(asking, {
          action: `iam:${action.name}`,
          resource: target.arn,
          resourceAccount: account.id,
          ...(target.tags === undefined ? {} : { resourceTags: target.tags }),
          extra: () => contextValues(conditions),
        });
    if (denial !== undefined) return failure(accessDenied(denial), form);
    const result = prepared.run();
    return result === undefined ? withoutResult(action.name, form) : success(action.name, result, form);
  };

  return {
    region,
    answer: (request) => {
      const form: AnswerForm = { requestId: request.requestId, format: 'xml', namespace: IAM_NAMESPACE };
      const dispatched = dispatch(request.http, form, era);
      if ('answer' in dispatched) return { ...dispatched, accessKeyId: '', account: '' };
      const { action, parameters } = dispatched;
      const operation = action.name;
      const proof = authenticate({ ...request, signingRegion: region, signingService: 'iam' }, verifier);
      const { accessKeyId } = proof;
      const refused = 'error' in proof ? proof.error : refusedSession(proof.caller);
      if ('error' in proof || refused !== undefined) {
        return {
          answer: failure(refused ?? INTERNAL_FAILURE, form),
          operation,
          accessKeyId,
          account: accountOfAccessKeyId(accessKeyId) ?? '',
        };
      }
      const { caller } = proof;
      let answer: Answer;
      try {
        answer = perform(action, parameters, caller, request, form);
      } catch (cause) {
        answer = failure(errorOf(cause), form);
      }
      return { answer, operation, accessKeyId, account: caller.principal.account };
    },
  };
}

/** A bug of ours answers as a bug of theirs would, and takes no other request with it. */
function errorOf(cause: unknown): StsError {
  if (cause instanceof Refusal) return cause.error;
  return cause instanceof ControlPlaneDown ? SERVICE_UNAVAILABLE : INTERNAL_FAILURE;
}

/** Actions without a result have no element for one. */
function withoutResult(action: string, { requestId, namespace = IAM_NAMESPACE }: AnswerForm): Answer {
  return {
    status: 200,
    contentType: 'text/xml',
    errorCode: '',
    body: `<${action}Response xmlns="${namespace}">
  <ResponseMetadata>
    <RequestId>${requestId}</RequestId>
  </ResponseMetadata>
</${action}Response>
`,
  };
}
