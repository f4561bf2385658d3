/** Attacks on what identity providers sign: published vectors and forgeries of our own, none of which may pass. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTACKS, type Attack } from '../../../lib/sts/federation/attacks.fixture.ts';
import { isSignedBy, parseCompactJws } from '../../../lib/sts/federation/compact-jws.ts';
import { parseKeySet } from '../../../lib/sts/federation/key-set.ts';
import { type Section, tally } from '../ledger.ts';
import { vectorsFolder } from '../vectors.ts';

export const federationAttacks: Section = {
  title: 'Attacks on federation',
  behaviours: () => [
    {
      id: 'federation.wycheproof',
      behaviour:
        'signed tokens are judged as Wycheproof says, and none of another kind than RS and ES passes',
      source: 'C2SP/wycheproof, json_web_signature_test and json_web_key_test',
      status: 'documented',
      check: () => {
        const folder = vectorsFolder('jose');
        return typeof folder === 'string' ? tally(vectorsIn(folder), asPublished) : folder;
      },
      atLeast: 300,
    },
    {
      id: 'federation.jwt-attacks',
      behaviour: 'no forged, confused or stale OpenID Connect token gets an identity',
      source: 'RFC 8725; forgeries of our own',
      status: 'modelled',
      check: () => tally(attacksOn('jwt'), refused),
      atLeast: 30,
    },
    {
      id: 'federation.saml-attacks',
      behaviour: 'nor does a SAML response whose signature was wrapped, moved, cut by comments or left out',
      source: 'published attacks on signed XML; forgeries of our own',
      status: 'modelled',
      check: () => tally(attacksOn('saml'), refused),
      atLeast: 30,
    },
  ],
};

function attacksOn(kind: Attack['kind']): readonly Attack[] {
  return ATTACKS.filter((attack) => attack.kind === kind);
}

function refused(attack: Attack): void {
  assert.equal(attack.run(), 'refused');
}

interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly VectorGroup[];
}

interface VectorGroup {
  /** A key, or a set of them. */
  readonly public?: VectorKey;
  readonly private: VectorKey;
  readonly tests: readonly PublishedVector[];
}

interface VectorKey {
  readonly keys?: readonly object[];
  readonly alg?: string;
}

interface PublishedVector {
  readonly tcId: number;
  readonly comment: string;
  /** An object where the vector is not in compact form. */
  readonly jws: unknown;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

interface Vector extends PublishedVector {
  readonly name: string;
  readonly key: VectorKey;
}

function vectorsIn(folder: string): Vector[] {
  return ['json_web_signature_test.json', 'json_web_key_test.json'].flatMap((file) => {
    const { numberOfTests, testGroups } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as VectorFile;
    const vectors = testGroups.flatMap((group) =>
      group.tests.map((vector) => ({
        ...vector,
        name: `${file} ${vector.tcId}, ${vector.comment}`,
        // Public keys where the vectors have them, the secret ones where they have not.
        key: group.public ?? group.private,
      })),
    );
    assert.equal(vectors.length, numberOfTests, `${file} is not whole`);
    return vectors;
  });
}

/** `acceptable` vectors may be refused, and are. ES521 is no algorithm: the two valid vectors with it mean ES512. */
function asPublished({ key, jws, result }: Vector): void {
  const set = parseKeySet(JSON.stringify(key.keys === undefined ? { keys: [key] } : key));
  const parsed = parseCompactJws(typeof jws === 'string' ? jws : JSON.stringify(jws));
  const found = parsed && set?.find(parsed.algorithm, parsed.keyId);
  const accepted =
    parsed !== undefined && found !== undefined && found !== 'unusable' && isSignedBy(parsed, found);
  const algorithm = key.alg ?? '';
  if (result !== 'valid' || /^(?:HS|PS|none)/i.test(algorithm)) assert.ok(!accepted, 'was accepted');
  else if (/^(?:RS|ES(?!521))/.test(algorithm)) assert.ok(accepted, 'was refused');
}
