/** Which action of IAM a request names. IAM shares the front end of STS, odd answers included. */

import type { Era } from '../aws/eras.ts';
import { IAM_VERSION } from '../aws/query-protocol.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import type { AnswerForm } from '../sts/answer.ts';
import { type Dispatched, dispatchQuery } from '../sts/query-dispatch.ts';
import type { IamAction } from './action.ts';
import { ACTIONS } from './actions/table.ts';

export { IAM_VERSION };

export function dispatch(request: HttpRequest, form: AnswerForm, era: Era): Dispatched<IamAction> {
  return dispatchQuery(request, form, (name, version) => {
    const action = version === IAM_VERSION ? ACTIONS.get(name) : undefined;
    return action?.existsIn?.(era) === false ? undefined : action;
  });
}
