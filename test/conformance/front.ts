/** The regional endpoint of eu-west-1 over TLS, as its user `app` of partition aws calls it. */

import assert from 'node:assert/strict';
import { connect } from 'node:tls';
import { regionalHost } from '../../lib/aws/endpoints.ts';
import { decodeExtendedRequestId } from '../../lib/aws/extended-request-id.ts';
import { encodeForm } from '../../lib/aws/query-protocol.ts';
import type { HttpRequest } from '../../lib/aws/sigv4/http-request.ts';
import { presign, signHeaders } from '../../lib/aws/sigv4/signer.ts';
import { type ErrorFacts, errorXml, keysOf, type Parameters, textIn } from './answers.ts';
import type { Message, RawAnswer, RealService } from './real-service.ts';

export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export interface Words {
  readonly body?: string;
  readonly query?: string;
  readonly presigned?: boolean;
}

export interface Front {
  readonly appArn: string;
  sends(message: Message, check: (answer: RawAnswer) => void): Promise<void>;
  ask(words: Words, headers?: Record<string, string>): Promise<RawAnswer>;
  isApp(words: Words): Promise<void>;
  fails(words: Words, facts: ErrorFacts): Promise<void>;
  checksHeaders(parameters: Parameters): Promise<void>;
  cutsLongHead(): Promise<void>;
}

export function createFront(real: RealService): Front {
  const app = real.accounts[0]?.users.find(({ name }) => name === 'app');
  if (app === undefined) throw new Error('partition aws has no user app');
  const send = (message: Message): Promise<RawAnswer> =>
    real.send(
      { region: REGION, servername: HOST },
      { ...message, headers: { host: HOST, ...message.headers } },
    );
  const ask: Front['ask'] = ({ body = '', query = '', presigned = false }, more = {}) => {
    const method = query === '' ? 'POST' : 'GET';
    const bare: HttpRequest = {
      method,
      path: '/',
      query,
      headers: Object.entries({ host: HOST, ...(method === 'POST' ? FORM : {}) }),
      body,
    };
    const context = { region: REGION, service: 'sts', atMs: Date.now() };
    const signedQuery = presigned
      ? presign(bare, keysOf(app), { ...context, expiresSeconds: 60 })
      : bare.query;
    const headers = presigned ? bare.headers : signHeaders(bare, keysOf(app), context);
    const path = signedQuery === '' ? '/' : `/?${signedQuery}`;
    return send({ method, path, headers: { ...Object.fromEntries(headers), ...more }, body });
  };
  return {
    appArn: app.arn,
    ask,
    sends: async (message, check) => check(await send(message)),
    isApp: async (words) => {
      const answer = await ask(words);
      assert.deepEqual([answer.status, textIn(answer.body, 'Arn')], [200, app.arn], answer.body);
    },
    fails: async (words, facts) => failed(await ask(words), facts),
    checksHeaders: async (parameters) => {
      const answer = await ask({ body: encodeForm(parameters) });
      identified(answer);
      assert.equal(answer.headers['content-type'], 'text/xml');
      assert.equal(textIn(answer.body, 'RequestId'), answer.headers['x-amzn-requestid']);
      assert.match(answer.body, /^<\w+ xmlns="[^"]+">\n {2}</);
      assert.ok(answer.body.endsWith('>\n'), 'does not end with a line break');
    },
    cutsLongHead: async () => {
      const servername = HOST;
      const port = real.service.ready.ports[REGION] ?? 0;
      const head = `GET /?x=${'x'.repeat(16_400)} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const socket = connect({ host: '127.0.0.1', port, servername, ca: real.caPem }, () =>
        socket.write(head),
      );
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => resolve(text)).on('error', reject);
      const answer = await promise.finally(() => socket.destroy());
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.doesNotMatch(answer, /requestid/i);
      assert.ok(answer.endsWith('\r\n\r\n'), 'has a body');
    },
  };
}

export function failed(answer: RawAnswer, facts: ErrorFacts): void {
  assert.equal(answer.body, errorXml(facts, String(answer.headers['x-amzn-requestid'])));
  assert.equal(answer.status, facts.status);
  assert.equal(answer.headers['content-type'], 'text/xml');
  identified(answer);
}

/** Headers that the service gives to whatever got as far as being a request. */
export function identified({ headers, body }: RawAnswer): void {
  assert.match(String(headers['x-amzn-requestid']), UUID);
  const extended = decodeExtendedRequestId(String(headers['x-amz-sts-extended-request-id']));
  assert.equal(extended?.region, REGION);
  assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
  const lateMs = Date.now() - Date.parse(String(headers['date']));
  assert.ok(lateMs >= 0 && lateMs < 60_000, `Date is ${headers['date']}`);
  assert.equal(headers['connection'], undefined);
}

const REGION = 'eu-west-1';
const HOST = regionalHost(REGION);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
