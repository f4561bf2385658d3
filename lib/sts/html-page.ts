/** The page of a load balancer in front of the service: HTML where a client expects a document of STS. */

import { type Answer, bare } from './answer.ts';

/** For the log: no client finds a code in it. */
export const HTML_PAGE = 'HtmlPage';

/** Of an error status. The markup follows what load balancers commonly send; no such page of STS is on record. */
export function htmlPage(status: number): Answer {
  const title = `${status} ${REASONS[status] ?? 'Error'}`;
  return bare(status, HTML_PAGE, {
    body: `<html>\r
<head><title>${title}</title></head>\r
<body>\r
<center><h1>${title}</h1></center>\r
</body>\r
</html>\r
`,
    headers: ['Content-Type', 'text/html'],
    // The request never came to whoever gives request ids.
    anonymous: true,
  });
}

const REASONS: Readonly<Record<number, string>> = {
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};
