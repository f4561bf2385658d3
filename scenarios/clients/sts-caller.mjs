/*
 * A program that uses STS with the AWS SDK for JavaScript, as its documentation says. Arguments: `regional`, `global`
 * or `session`, which takes a session at home and shows it in us-west-2. Prints a line per call: label, request id,
 * extended request id, ARN, separated by tabs.
 */

import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

const ROLE = 'arn:aws:iam::111122223333:role/app';

for (const label of process.argv.slice(2)) {
  if (label === 'session') {
    const { Credentials } = await call(
      'AssumeRole',
      {},
      new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'js' }),
    );
    const credentials = {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      sessionToken: Credentials.SessionToken,
    };
    await call('GetCallerIdentity', { region: 'us-west-2', credentials }, new GetCallerIdentityCommand({}));
  } else {
    await call(label, { useGlobalEndpoint: label === 'global' }, new GetCallerIdentityCommand({}));
  }
}

async function call(label, settings, command) {
  const client = new STSClient(settings);
  let headers = {};
  const readHeaders = (next) => async (input) => {
    const result = await next(input);
    headers = result.response.headers;
    return result;
  };
  client.middlewareStack.add(readHeaders, { step: 'deserialize' });
  const answer = await client.send(command);
  const arn = answer.Arn ?? answer.AssumedRoleUser.Arn;
  console.log([label, headers['x-amzn-requestid'], headers['x-amz-sts-extended-request-id'], arn].join('\t'));
  client.destroy();
  return answer;
}
