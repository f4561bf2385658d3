import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partOrSkip } from '../../test/required-part.ts';
import { type ProgramOptions, programEnvironment, quotedForNode } from './program-environment.ts';
import type { UpAccount, UpJson } from './up-json.ts';

const java = await partOrSkip('java');

function account(id: string, partition: string): UpAccount {
  const user = (name: string) => ({
    name,
    arn: `arn:${partition}:iam::${id}:user/${name}`,
    accessKeyId: `AKIA-${id}-${name}`,
    secretAccessKey: `secret of ${name} in ${id}`,
  });
  return { id, partition, principals: [user('admin'), user('app')], roles: [] };
}

const WORLD: UpJson = {
  schema: 1,
  era: '2026',
  ca: '/world/ca.pem',
  admin: 'http://127.0.0.1:1',
  adminToken: 'token',
  endpoints: {},
  controlPlane: {},
  edges: { 'eu-west-1': 'http://127.0.0.1:4001', 'us-gov-west-1': 'http://127.0.0.1:4002' },
  accounts: [account('111122223333', 'aws'), account('333344445555', 'aws-us-gov')],
};

const OPTIONS: ProgramOptions = {
  location: 'eu-west-1',
  way: { by: 'proxy', edge: 'eu-west-1' },
  principal: 'app',
  files: { ca: '/world/ca.pem', trustStore: '/world/ca.jks', empty: '/world/empty' },
  inherited: {},
};

const environmentWith = (changes: Partial<ProgramOptions>): Record<string, string> =>
  programEnvironment(WORLD, { ...OPTIONS, ...changes });

describe('the environment of a program in a world', () => {
  it('leads every client through the door of its location, trusting the world’s authority only', () => {
    const environment = environmentWith({});
    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])
      expect(environment[name]).toBe('http://127.0.0.1:4001');
    for (const name of ['AWS_CA_BUNDLE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'])
      expect(environment[name]).toBe('/world/ca.pem');
    expect(environment['NODE_OPTIONS']).toMatch(/^--require=.*proxy-preload\.cjs$/);
    expect(environment['JAVA_TOOL_OPTIONS']?.split(' ')).toEqual([
      '-Djavax.net.ssl.trustStore=/world/ca.jks',
      '-Djavax.net.ssl.trustStoreType=JKS',
      '-Djavax.net.ssl.trustStorePassword=changeit',
      '-Dhttps.proxyHost=127.0.0.1',
      '-Dhttps.proxyPort=4001',
      '-Dhttp.proxyHost=127.0.0.1',
      '-Dhttp.proxyPort=4001',
      '-Dhttp.nonProxyHosts=127.0.0.1|localhost|[::1]',
    ]);
  });

  it('has the keys of its location’s partition', () => {
    expect(
      environmentWith({ location: 'us-gov-west-1', way: { by: 'proxy', edge: 'us-gov-west-1' } }),
    ).toMatchObject({
      HTTPS_PROXY: 'http://127.0.0.1:4002',
      AWS_REGION: 'us-gov-west-1',
      AWS_ACCESS_KEY_ID: 'AKIA-333344445555-app',
    });
    expect(environmentWith({ principal: 'admin' })).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIA-111122223333-admin',
    });
  });

  it('has nothing of the operator’s AWS settings, proxies and Java launcher options', () => {
    const environment = environmentWith({
      inherited: {
        PATH: '/bin',
        AWS_SESSION_TOKEN: 'own',
        AWS_PROFILE: 'own',
        AWS_ENDPOINT_URL_STS: 'own',
        ALL_PROXY: 'own',
        JDK_JAVA_OPTIONS: 'own',
        _JAVA_OPTIONS: 'own',
      },
    });
    expect(environment['PATH']).toBe('/bin');
    expect(Object.values(environment)).not.toContain('own');
  });

  it('keeps what the operator loads into Node and Java, in front of ours', () => {
    const environment = environmentWith({
      inherited: { NODE_OPTIONS: '--max-old-space-size=64', JAVA_TOOL_OPTIONS: '-Xmx64m' },
    });
    expect(environment['NODE_OPTIONS']).toMatch(/^--max-old-space-size=64 --require=/);
    expect(environment['JAVA_TOOL_OPTIONS']).toMatch(/^-Xmx64m -Djavax\.net\.ssl\.trustStore=/);
  });

  it('needs no proxy and no preload where the names themselves lead to the endpoints', () => {
    const environment = environmentWith({ way: { by: 'names' } });
    expect(Object.keys(environment).filter((name) => /proxy/i.test(name))).toEqual([]);
    expect(environment).not.toHaveProperty('NODE_OPTIONS');
    expect(environment['JAVA_TOOL_OPTIONS']).not.toMatch(/proxy/i);
    expect(environment).toMatchObject({
      AWS_CA_BUNDLE: '/world/ca.pem',
      AWS_ACCESS_KEY_ID: expect.any(String),
    });
  });

  it('has the keys of another partition when it is told so', () => {
    expect(environmentWith({ partition: 'aws-us-gov' })).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIA-333344445555-app',
    });
  });

  it('names the location and the user that it lacks, and the nearest that there is', () => {
    expect(() => environmentWith({ way: { by: 'proxy', edge: 'eu-west-2' } })).toThrow(
      "no location 'eu-west-2'",
    );
    expect(() => environmentWith({ principal: 'nobody' })).toThrow("no principal 'nobody'");
  });

  it('gives paths of any characters in one piece', () => {
    const path = fc.string({ unit: fc.constantFrom(...`/a'" \\\tü`), minLength: 1 });
    fc.assert(
      fc.property(path, (odd) => {
        const environment = environmentWith({ files: { ...OPTIONS.files, trustStore: odd } });
        expect(readJavaOptions(environment['JAVA_TOOL_OPTIONS'] ?? '')[0]).toBe(
          `-Djavax.net.ssl.trustStore=${odd}`,
        );
        expect(readNodeOptions(`--require=${quotedForNode(odd)}`)).toEqual([`--require=${odd}`]);
      }),
    );
  });
});

java.suite('a JVM', () => {
  it('reads our options as they were meant, behind those of the operator', async () => {
    const { JAVA_TOOL_OPTIONS = '' } = environmentWith({
      files: { ...OPTIONS.files, trustStore: `/a 'world' of "ours"/ca.jks` },
      inherited: { JAVA_TOOL_OPTIONS: `-Dkept='by the operator' -Dhttps.proxyHost=192.0.2.1` },
    });
    const { stderr } = await promisify(execFile)(java.path, ['-XshowSettings:properties', '-version'], {
      env: { JAVA_TOOL_OPTIONS },
    });
    const properties = new Map(
      [...stderr.matchAll(/^ {4}(\S+) = (.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(properties.get('kept')).toBe('by the operator');
    expect(properties.get('javax.net.ssl.trustStore')).toBe(`/a 'world' of "ours"/ca.jks`);
    expect(properties.get('https.proxyHost')).toBe('127.0.0.1');
    expect(properties.get('https.proxyPort')).toBe('4001');
    expect(properties.get('http.nonProxyHosts')).toBe('127.0.0.1|localhost|[::1]');
  });
});

/** As a JVM does: white space parts, quotes of either kind join, nothing escapes. */
function readJavaOptions(text: string): readonly string[] {
  return [...text.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([option]) =>
    option.replaceAll(
      /'([^']*)'|"([^"]*)"/g,
      (_, single?: string, double?: string) => single ?? double ?? '',
    ),
  );
}

/** As Node does: spaces part outside double quotes, inside which a backslash escapes. */
function readNodeOptions(text: string): readonly string[] {
  const options = [''];
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '"') quoted = !quoted;
    else if (character === ' ' && !quoted) options.push('');
    else {
      const escaped = character === '\\' && quoted;
      options.push(`${options.pop()}${escaped ? text.charAt(++index) : character}`);
    }
  }
  return options.filter((option) => option !== '');
}
