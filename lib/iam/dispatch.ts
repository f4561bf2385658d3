/** Which action of IAM a request names. IAM shares the front end of STS, odd answers included. */

import type { Era } from '../aws/eras.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import type { AnswerForm } from '../sts/answer.ts';
import { type Dispatched, dispatchQuery } from '../sts/query-dispatch.ts';
import type { IamAction } from './action.ts';
import { ACTIONS } from './actions/table.ts';

export const IAM_VERSION = '2010-05-08';

export function dispatch(request: HttpRequest, form: AnswerForm, era: Era): Dispatched<IamAction> {
  return dispatchQuery(request, form, (name, version) => {
    const action = version === IAM_VERSION ? ACTIONS.get(name) : undefined;
    return action?.existsIn?.(era) === false ? undefined : action;
  });
}
