import { describe, expect, it } from 'vitest';
import { Secret } from './credentials.ts';
import { decodeExtendedRequestId, encodeExtendedRequestId } from './extended-request-id.ts';
import { parseForm } from './query-protocol.ts';
import { parseAuthorization } from './sigv4/authorization.ts';
import { signatureMatches } from './sigv4/verifier.ts';
import { readAnswer } from './sts-answer.ts';
import { stsRequest } from './sts-request.ts';

const OPTIONS = {
  host: 'sts.eu-west-1.amazonaws.com',
  operation: 'AssumeRole',
  parameters: { RoleArn: 'arn:aws:iam::123456789012:role/app', RoleSessionName: 'é' },
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: new Secret('secret') },
  signingRegion: 'eu-west-1',
  atMs: 1_800_000_000_000,
  userAgent: 'regionfall/0 caller/app',
} as const;

describe('an STS request', () => {
  it('carries the form, its length, who calls, and a signature that holds', () => {
    const { method, path, headers, body } = stsRequest(OPTIONS);
    expect([method, path]).toEqual(['POST', '/']);
    expect(Object.fromEntries(parseForm(body) ?? [])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      ...OPTIONS.parameters,
    });
    expect(headers).toMatchObject({
      host: 'sts.eu-west-1.amazonaws.com',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'regionfall/0 caller/app',
    });
    const request = { method, path, query: '', headers: Object.entries(headers), body };
    const claim = parseAuthorization(request);
    if (claim.kind !== 'header') throw new Error(claim.kind);
    expect(claim).toMatchObject({ region: 'eu-west-1', service: 'sts', terminator: 'aws4_request' });
    expect(signatureMatches(request, claim, 'secret')).toBe(true);
  });

  it('carries the token of a session and signs it', () => {
    const credentials = { ...OPTIONS.credentials, sessionToken: 'token' };
    const { headers } = stsRequest({ ...OPTIONS, credentials });
    expect(headers['x-amz-security-token']).toBe('token');
    expect(headers['authorization']).toContain('x-amz-security-token,');
    expect(stsRequest(OPTIONS).headers['x-amz-security-token']).toBeUndefined();
  });
});

describe('an STS answer', () => {
  const region = encodeExtendedRequestId({
    region: 'us-gov-west-1',
    atMs: 1_800_000_000_000,
    nonce: 'aB3dE6gH',
  });
  const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLE:me</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/app/me</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>a/b+c</SecretAccessKey>
      <SessionToken>IQoJ==</SessionToken>
      <Expiration>2027-01-15T09:00:00Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
`;

  it('gives the credentials, the ARN and the Region that served', () => {
    expect(readAnswer(200, { 'x-amz-sts-extended-request-id': region }, assumed)).toEqual({
      ok: true,
      errorCode: '',
      errorMessage: '',
      requestId: '01234567-89ab-cdef-0123-456789abcdef',
      servingRegion: 'us-gov-west-1',
      arn: 'arn:aws:sts::123456789012:assumed-role/app/me',
      credentials: {
        accessKeyId: 'ASIAEXAMPLE',
        secretAccessKey: 'a/b+c',
        sessionToken: 'IQoJ==',
        expiration: '2027-01-15T09:00:00Z',
      },
    });
  });

  it('gives code and message of an error, with references decoded', () => {
    const body = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error>
    <Type>Sender</Type>
    <Code>ValidationError</Code>
    <Message>&lt;a&gt; &amp;amp; &#39;b&#x27; &quot;c&quot; is invalid</Message>
  </Error>
  <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
</ErrorResponse>
`;
    expect(readAnswer(400, {}, body)).toEqual({
      ok: false,
      errorCode: 'ValidationError',
      errorMessage: `<a> &amp; 'b' "c" is invalid`,
      requestId: '01234567-89ab-cdef-0123-456789abcdef',
      servingRegion: '',
    });
  });

  it('gives what the headers say when the body is empty or cut off', () => {
    const headers = { 'x-amzn-requestid': 'an-id', 'x-amz-sts-extended-request-id': region };
    const nothing = {
      ok: false,
      errorCode: '',
      errorMessage: '',
      requestId: 'an-id',
      servingRegion: 'us-gov-west-1',
    };
    expect(readAnswer(302, headers, '')).toEqual(nothing);
    expect(readAnswer(500, headers, '<ErrorResponse><Error><Code>Internal')).toEqual(nothing);
  });

  it('has no credentials when one of their parts is missing', () => {
    const answer = readAnswer(200, {}, assumed.replace(/<SessionToken>.*<\/SessionToken>/, ''));
    expect(answer.ok).toBe(true);
    expect(answer.credentials).toBeUndefined();
  });
});

describe('an extended request id', () => {
  it('is base64 of the five parts, and reads back', () => {
    const id = { region: 'us-east-2', atMs: 1_769_860_800_123, nonce: 'Zz019aB3' };
    const text = encodeExtendedRequestId(id);
    expect(Buffer.from(text, 'base64').toString()).toBe('1:us-east-2:S:1769860800123:R:Zz019aB3');
    expect(decodeExtendedRequestId(text)).toEqual(id);
  });

  it.each(['', '!', 'bm90aGluZw==', Buffer.from('2:us-east-2:S:1:R:Zz019aB3').toString('base64')])(
    "is not '%s'",
    (text) => expect(decodeExtendedRequestId(text)).toBeUndefined(),
  );
});
