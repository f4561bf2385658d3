/** Version 1 of the AWS SDK for Java: the jars that `.ci/java/pom.xml` names, in the folder that a variable names. */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Part, partOrSkip, suiteWithout } from '../required-part.ts';

const VARIABLE = 'REGIONFALL_JAVA_SDK';
const HINT = `mvn -f .ci/java/pom.xml dependency:copy-dependencies -DoutputDirectory=ABSOLUTE_PATH && export ${VARIABLE}=ABSOLUTE_PATH`;

export interface JavaSdk extends Part {
  /** For `--class-path`. */
  readonly classPath: string;
}

export async function javaSdkOrSkip(): Promise<JavaSdk> {
  const java = await partOrSkip('java');
  const folder = process.env[VARIABLE] ?? '';
  const there =
    existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('aws-java-sdk-sts-1.'));
  const classPath = join(folder, '*');
  if (!java.available || there) return { ...java, classPath };
  const reason = `${VARIABLE} names no folder with the SDK; get it: ${HINT}`;
  return {
    ...java,
    available: false,
    classPath,
    suite: (title, claims) => suiteWithout('java', title, reason, claims),
  };
}
