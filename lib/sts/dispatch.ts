/** Which action of STS a request names, in the era that knows it. */

import type { Era } from '../aws/eras.ts';
import { STS_VERSION } from '../aws/query-protocol.ts';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { ACTIONS, type Action } from './actions/table.ts';
import type { AnswerForm } from './answer.ts';
import { type Dispatched, dispatchQuery } from './query-dispatch.ts';

export function dispatch(request: HttpRequest, form: AnswerForm, { actions }: Era): Dispatched<Action> {
  return dispatchQuery(request, form, (name, version) =>
    version === STS_VERSION && actions.has(name) ? ACTIONS.get(name) : undefined,
  );
}
