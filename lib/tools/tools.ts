/**
 * The outside programs that Regionfall can use: what they are for, how they are recognised, which versions do,
 * and the line that gets each. None is needed for the main job, and none is ever downloaded by us.
 */

export type ToolName = 'toxiproxy' | 'k6' | 'docker' | 'chromium' | 'aws' | 'pyarrow';

export interface Tool<Name extends string = ToolName> {
  readonly name: Name;
  /** What it is good for here. */
  readonly purpose: string;
  /** Names looked up on PATH, in this order. */
  readonly binaries: readonly string[];
  /** Environment variable that names the binary and goes before PATH. */
  readonly variable: `REGIONFALL_${string}`;
  /** Arguments that make it print its version and end. */
  readonly versionArguments: readonly string[];
  /** First group: the version. */
  readonly versionPattern: RegExp;
  /** The versions that do, for people. */
  readonly needed: string;
  readonly suits: (version: string) => boolean;
  /** The line to type, by platform; `other` where the platform is not named. */
  readonly line: Readonly<Partial<Record<NodeJS.Platform, string>>> & { readonly other: string };
}

export const TOOLS: Readonly<Record<ToolName, Tool>> = {
  toxiproxy: {
    name: 'toxiproxy',
    purpose: 'the network of --network toxiproxy',
    binaries: ['toxiproxy-server'],
    variable: 'REGIONFALL_TOXIPROXY',
    versionArguments: ['--version'],
    versionPattern: /version v?(\d+\.\d+\.\d+|git)/,
    needed: '2.7 or later',
    // A build from source names itself "git".
    suits: (version) => version === 'git' || (majorOf(version) === 2 && minorOf(version) >= 7),
    line: {
      darwin: 'brew tap shopify/shopify && brew install toxiproxy',
      other:
        'go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 && export REGIONFALL_TOXIPROXY="$(go env GOPATH)/bin/server"',
    },
  },
  k6: {
    name: 'k6',
    purpose: 'the load engine of --engine k6',
    binaries: ['k6'],
    variable: 'REGIONFALL_K6',
    versionArguments: ['version'],
    versionPattern: /k6(?:\.exe)? v?(\d+\.\d+\.\d+)/,
    needed: '1.x or 2.x',
    suits: (version) => majorOf(version) === 1 || majorOf(version) === 2,
    line: {
      darwin: 'brew install k6',
      win32: 'winget install k6 --source winget',
      other: 'go install go.k6.io/k6/v2@v2.2.0',
    },
  },
  docker: {
    name: 'docker',
    purpose: 'worlds made of containers',
    binaries: ['docker'],
    variable: 'REGIONFALL_DOCKER',
    // The client's own version says nothing about whether an engine answers.
    versionArguments: ['version', '--format', '{{.Server.Version}}'],
    versionPattern: /^(\d+\.\d+(?:\.\d+)?)/m,
    needed: '20.10 or later, with its engine running',
    suits: (version) => majorOf(version) > 20 || (majorOf(version) === 20 && minorOf(version) >= 10),
    line: {
      darwin: 'brew install --cask docker && open -a Docker',
      win32: 'winget install Docker.DockerDesktop',
      other: 'sudo apt-get install docker.io && sudo systemctl start docker',
    },
  },
  chromium: {
    name: 'chromium',
    purpose: 'screenshots of reports',
    binaries: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    variable: 'REGIONFALL_CHROMIUM',
    versionArguments: ['--version'],
    versionPattern: /(?:Chromium|Chrome)\D*(\d+(?:\.\d+)+)/,
    needed: '100 or later',
    suits: (version) => majorOf(version) >= 100,
    line: {
      darwin: 'brew install --cask chromium',
      win32: 'winget install Hibbiki.Chromium',
      other: 'sudo apt-get install chromium',
    },
  },
  aws: {
    name: 'aws',
    purpose: 'trying the AWS CLI inside a world with `regionfall exec`',
    binaries: ['aws'],
    variable: 'REGIONFALL_AWS',
    versionArguments: ['--version'],
    versionPattern: /aws-cli\/(\d+\.\d+\.\d+)/,
    needed: '1.x or 2.x',
    suits: (version) => majorOf(version) === 1 || majorOf(version) === 2,
    line: {
      darwin: 'brew install awscli',
      win32: 'winget install Amazon.AWSCLI',
      other: 'sudo apt-get install awscli',
    },
  },
  pyarrow: {
    name: 'pyarrow',
    purpose: 'checking that samples open outside Regionfall',
    binaries: ['python3', 'python'],
    variable: 'REGIONFALL_PYTHON',
    versionArguments: ['-c', 'import pyarrow; print("pyarrow", pyarrow.__version__)'],
    versionPattern: /pyarrow (\d+\.\d+(?:\.\d+)?)/,
    needed: '10 or later, in the Python that REGIONFALL_PYTHON names',
    suits: (version) => majorOf(version) >= 10,
    line: { other: 'python3 -m pip install pyarrow' },
  },
};

function majorOf(version: string): number {
  return Number(version.split('.')[0]);
}

function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}
