/** The remote end of the engine's benchmark: answers every request with the same STS success over TLS. */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { reportServer } from './bench-kit.ts';

const BODY = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>${'<Credentials>same for everybody</Credentials>'.repeat(20)}</AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
`;

const HEADERS = { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(BODY) };

const server = createServer(
  { cert: process.env['CERTIFICATE'], key: process.env['KEY'] },
  (request, response) => {
    request.resume().on('end', () => response.writeHead(200, HEADERS).end(BODY));
  },
);
server.listen(0, '127.0.0.1', () => reportServer((server.address() as AddressInfo).port));
