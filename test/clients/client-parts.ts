/**
 * Clients of STS that only our tests start: Regionfall itself needs neither, so `regionfall doctor` does not ask for
 * them. How each is recognised and got, in the form of the outside parts.
 */

import type { Tool } from '../../lib/tools/tools.ts';

export type ClientPartName = 'boto3' | 'java';

export const CLIENT_PARTS: { readonly [Name in ClientPartName]: Tool<Name> } = {
  boto3: {
    name: 'boto3',
    purpose: 'trying boto3 inside a world',
    binaries: ['python3', 'python'],
    variable: 'REGIONFALL_PYTHON',
    versionArguments: ['-c', 'import boto3; print("boto3", boto3.__version__)'],
    versionPattern: /boto3 (\d+\.\d+(?:\.\d+)?)/,
    // The first to call regional endpoints unless told otherwise.
    needed: '1.40 or later, in the Python that REGIONFALL_PYTHON names',
    suits: (version) => isAtLeast(version, 1, 40),
    line: { other: 'python3 -m pip install boto3' },
  },
  java: {
    name: 'java',
    purpose: 'trying Java programs inside a world',
    binaries: ['java'],
    variable: 'REGIONFALL_JAVA',
    // A runtime without the compiler cannot start a program from its source.
    versionArguments: ['--list-modules'],
    versionPattern: /^jdk\.compiler@(\d+(?:\.\d+)*)/m,
    needed: 'a development kit, 11 or later',
    suits: (version) => isAtLeast(version, 11, 0),
    line: {
      darwin: 'brew install openjdk',
      win32: 'winget install EclipseAdoptium.Temurin.21.JDK',
      other: 'sudo apt-get install default-jdk-headless',
    },
  },
};

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number);
  return first > major || (first === major && second >= minor);
}
