/** Host names: each of STS under its own certificate, and nothing under any other. */

import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { Secret } from '../../../lib/aws/credentials.ts';
import { type Endpoint, endpointsOfRegion, GLOBAL_ENDPOINT } from '../../../lib/aws/endpoints.ts';
import { decodeExtendedRequestId } from '../../../lib/aws/extended-request-id.ts';
import { REGIONS, type Region } from '../../../lib/aws/regions.ts';
import { stsRequest } from '../../../lib/aws/sts-request.ts';
import { type Section, tally } from '../ledger.ts';
import { openRealService, type RealService } from '../real-service.ts';

export const hostNames: Section = {
  title: 'Host names',
  behaviours: async (scope) => {
    const real = await openRealService(scope);
    return [
      {
        id: 'hosts.certificate',
        behaviour: 'every STS name has a certificate of its own, which names it and nothing else',
        source: 'endpoints.json and endpoint-rule-set-1.json of botocore; the certificates are ours',
        status: 'modelled',
        check: () => tally(SERVED, ownCertificate(real)),
        atLeast: 150,
      },
      {
        id: 'hosts.served',
        behaviour: 'a request signed for the name is served by the Region called, also under the global name',
        source:
          'endpoint-rule-set-1.json of botocore; the global endpoint since April 2025: AWS Security Blog',
        status: 'documented',
        check: () => tally(SERVED, servedByRegion(real)),
        atLeast: 150,
      },
      {
        id: 'hosts.others-have-no-certificate',
        behaviour: 'a client that asks a Region for any other name gets no certificate that fits',
        source: 'RFC 9525, section 6',
        status: 'modelled',
        check: () => tally(OTHERS_BY_SNI, noCertificate(real)),
        atLeast: 500,
      },
      {
        id: 'hosts.others-are-misdirected',
        behaviour: "a request for any other name is 421 without a body, also for every other Region's names",
        source: 'RFC 9110, section 15.5.20',
        status: 'modelled',
        check: () => misdirectedTally(real),
        atLeast: 5_000,
      },
    ];
  },
};

interface Served {
  readonly name: string;
  readonly region: Region;
  readonly endpoint: Endpoint;
}

/** Each Region under each of its names; the global one in the Regions of partition aws that need no opting in. */
const SERVED: readonly Served[] = REGIONS.flatMap((region) =>
  namesOf(region).map((endpoint) => ({ name: `${endpoint.host} in ${region.id}`, region, endpoint })),
);

function namesOf({ id, partition, enabledBy }: Region): readonly Endpoint[] {
  const global = partition === 'aws' && enabledBy === 'default';
  return global ? [...endpointsOfRegion(id), GLOBAL_ENDPOINT] : endpointsOfRegion(id);
}

function ownCertificate(real: RealService) {
  const hostOfCertificate = new Map<string, string>();
  return async ({ region, endpoint: { host } }: Served): Promise<void> => {
    const { certificate } = await real.send({ region: region.id, servername: host }, { headers: { host } });
    assert.deepEqual([certificate.commonName, certificate.names], [host, `DNS:${host}`]);
    const other = hostOfCertificate.get(certificate.fingerprint) ?? host;
    assert.equal(other, host, `has the certificate of ${other}`);
    hostOfCertificate.set(certificate.fingerprint, host);
  };
}

function servedByRegion(real: RealService) {
  return async ({ region, endpoint: { host, signingRegion } }: Served): Promise<void> => {
    const user = real.accounts.find((account) => account.partition === region.partition)?.users[0];
    assert.ok(user !== undefined, `no account in ${region.partition}`);
    const { method, path, headers, body } = stsRequest({
      host,
      operation: 'GetCallerIdentity',
      credentials: { accessKeyId: user.accessKeyId, secretAccessKey: new Secret(user.secretAccessKey) },
      signingRegion,
      atMs: Date.now(),
      userAgent: 'regionfall-conformance',
    });
    const answer = await real.send({ region: region.id, servername: host }, { method, path, headers, body });
    assert.equal(answer.status, 200, answer.body);
    assert.ok(answer.body.includes(`<Arn>${user.arn}</Arn>`), answer.body);
    const id = decodeExtendedRequestId(String(answer.headers['x-amz-sts-extended-request-id']));
    assert.equal(id?.region, region.id);
  };
}

interface Other {
  readonly name: string;
  readonly region: Region;
  readonly host: string;
}

/** Names that no Region has, some of them close to one that this Region has. */
function strangersTo(region: Region): readonly string[] {
  const own = endpointsOfRegion(region.id)[0]?.host ?? '';
  return [
    'localhost',
    'evil.example',
    'amazonaws.com',
    `${own}.evil.example`,
    `evil.${own}`,
    `evil-${own}`,
    own.replace('sts.', 'sts-'),
    own.replace('sts.', 'iam.'),
    own.replace('sts.', ''),
    own.replace(region.id, 'moon-north-1'),
  ];
}

const ALL_NAMES = [GLOBAL_ENDPOINT, ...REGIONS.flatMap(({ id }) => endpointsOfRegion(id))].map(
  ({ host }) => host,
);

function othersOf(region: Region, names: readonly string[]): Other[] {
  const own = new Set(namesOf(region).map(({ host }) => host));
  return names
    .filter((host) => !own.has(host))
    .map((host) => ({ name: `${host} in ${region.id}`, region, host }));
}

/** A handshake costs milliseconds: here each Region is asked for the names of its two neighbours in the table. */
const OTHERS_BY_SNI = REGIONS.flatMap((region, index) => {
  const neighbours = [REGIONS.at(index - 1), REGIONS[(index + 1) % REGIONS.length]];
  const theirs = neighbours.flatMap((other) => (other ? endpointsOfRegion(other.id) : []));
  const names = [GLOBAL_ENDPOINT, ...theirs].map(({ host }) => host);
  return othersOf(region, [...names, ...strangersTo(region)]);
});

function noCertificate(real: RealService) {
  return async ({ region, host }: Other): Promise<void> => {
    await assert.rejects(
      real.send({ region: region.id, servername: host }, { headers: { host } }),
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      'was not refused by its certificate',
    );
  };
}

/** Every name of STS in every Region that does not have it, over one connection to each Region. */
async function misdirectedTally(real: RealService) {
  using agents = new DisposableStack();
  const agentOf = new Map(
    REGIONS.map(({ id }) => [
      id,
      agents.adopt(new Agent({ keepAlive: true, maxSockets: 1 }), (agent) => agent.destroy()),
    ]),
  );
  const others = REGIONS.flatMap((region) =>
    othersOf(region, [...ALL_NAMES, ...strangersTo(region), '127.0.0.1', '']),
  );
  return await tally(others, async ({ region, host }) => {
    const servername = endpointsOfRegion(region.id)[0]?.host ?? '';
    const agent = agentOf.get(region.id);
    const answer = await real.send(
      { region: region.id, servername, ...(agent && { agent }) },
      { headers: { host } },
    );
    assert.deepEqual([answer.status, answer.body], [421, '']);
    assert.equal(answer.headers['x-amzn-requestid'], undefined);
  });
}
