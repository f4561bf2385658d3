import { describe, expect, test } from 'vitest';
import type { HttpRequest } from '../aws/sigv4/http-request.ts';
import { createDesk, withHeader } from './test-desk.ts';

const desk = createDesk();
const answerTo = (alter: (request: HttpRequest) => HttpRequest) => desk.ask({ alter }).served.answer;
const withBody = (body: string) => (request: HttpRequest) => ({ ...request, body });

describe('before authentication', () => {
  test('another path than / is 404 with one empty element', () => {
    expect(answerTo((request) => ({ ...request, path: '/health' }))).toMatchObject({
      status: 404,
      body: '<UnknownOperationException/>\n',
    });
  });

  test('a request without an action is sent to the product page', () => {
    const empty = { status: 302, body: '', location: 'https://aws.amazon.com/iam' };
    expect(answerTo(withBody('Version=2011-06-15'))).toMatchObject(empty);
    expect(answerTo(withBody(''))).toMatchObject(empty);
    expect(answerTo((request) => withHeader(request, 'content-type', 'application/json'))).toMatchObject(
      empty,
    );
    expect(answerTo((request) => withHeader(request, 'content-type', undefined))).toMatchObject(empty);
  });

  test('a GET without an action keeps its query on the way there', () => {
    expect(answerTo((request) => ({ ...request, method: 'GET', query: 'Version=2011-06-15' }))).toMatchObject(
      {
        status: 302,
        location: 'https://aws.amazon.com/iam?Version=2011-06-15',
      },
    );
  });

  test.each([
    [
      'Action=NoSuchAction&Version=2011-06-15',
      'Could not find operation NoSuchAction for version 2011-06-15',
    ],
    [
      'Action=getcalleridentity&Version=2011-06-15',
      'Could not find operation getcalleridentity for version 2011-06-15',
    ],
    ['Action=AssumeRole', 'Could not find operation AssumeRole for version NO_VERSION_SPECIFIED'],
    ['Action=AssumeRole&Version=2010-05-08', 'Could not find operation AssumeRole for version 2010-05-08'],
    ['Action=%3Cscript%3E&Version=1', 'Could not find operation &lt;script&gt; for version 1'],
  ])('%s is an error of the front end, in its namespace', (body, message) => {
    const answer = answerTo(withBody(body));
    expect(answer.status).toBe(400);
    expect(answer.body).toBe(`<ErrorResponse xmlns="http://webservices.amazon.com/AWSFault/2005-15-09">
  <Error>
    <Type>Sender</Type>
    <Code>InvalidAction</Code>
    <Message>${message}</Message>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`);
  });

  test('a malformed escape is 400 and nothing more', () => {
    expect(answerTo(withBody('Action=GetCallerIdentity&x=%zz'))).toMatchObject({
      status: 400,
      body: '',
      anonymous: true,
    });
  });

  test('more parameters than any call needs are refused', () => {
    expect(
      answerTo(withBody(Array.from({ length: 1_001 }, (_, index) => `a${index}=`).join('&'))).status,
    ).toBe(400);
  });

  test('a charset in the content type changes nothing', () => {
    const type = 'application/x-www-form-urlencoded; charset=utf-8';
    // The header is signed, so that changing it afterwards gets as far as the signature and no further.
    expect(answerTo((request) => withHeader(request, 'content-type', type)).errorCode).toBe(
      'SignatureDoesNotMatch',
    );
  });

  test('a POST reads its action from the body and never from its query', () => {
    const elsewhere = (request: HttpRequest) => ({ ...request, query: 'Action=GetCallerIdentity', body: '' });
    expect(answerTo(elsewhere).status).toBe(302);
  });

  test('the first of two actions counts', () => {
    const twice = 'Action=NoSuchAction&Version=2011-06-15&Action=GetCallerIdentity';
    expect(answerTo(withBody(twice)).errorCode).toBe('InvalidAction');
  });
});
