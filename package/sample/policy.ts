/** A user's application with a failover policy: imports nothing but Regionfall's. */

import {
  type Credentials,
  endpointsOf,
  failoverClient,
  failoverCredentials,
  type PolicySpec,
  type SdkClient,
  withPolicy,
} from 'regionfall/failover';

export const spec = {
  kind: 'ordered',
  endpoints: ['eu-west-1', 'eu-central-1'],
  attemptTimeLimitMs: 2_000,
  failBackAfterMs: 30_000,
} as const satisfies PolicySpec;

/** Stands in for an STSClient of the SDK. */
class Client implements SdkClient {
  readonly region: string;

  constructor(region: string) {
    this.region = region;
  }

  async send(_command: unknown): Promise<unknown> {
    const end = Date.now() + 3_600_000;
    return {
      Credentials: {
        AccessKeyId: this.region,
        SecretAccessKey: 'none',
        SessionToken: 'none',
        Expiration: new Date(end),
      },
    };
  }
}

export const regions: readonly string[] = endpointsOf(spec);
export const decides: unknown = withPolicy;

/** The access key says which Region answered. */
export const provider: () => Promise<Credentials> = failoverCredentials({
  sts: failoverClient({ policy: spec, clientFor: (region) => new Client(region) }),
  assumeRole: () => ({}),
});
