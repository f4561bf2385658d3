import { expect, test } from 'vitest';
import { describeWithVectors, readVectorJson } from '../../../test/vectors.ts';
import { isSignedBy, parseCompactJws } from './compact-jws.ts';
import { parseKeySet } from './key-set.ts';

interface VectorFile {
  readonly numberOfTests: number;
  readonly testGroups: readonly VectorGroup[];
}

interface VectorGroup {
  readonly comment: string;
  /** A key, or a set of them. */
  readonly public?: { readonly keys?: readonly object[]; readonly alg?: string };
  readonly private: { readonly keys?: readonly object[]; readonly alg?: string };
  readonly tests: readonly Vector[];
}

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  /** An object where the vector is not in compact form. */
  readonly jws: unknown;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}

describeWithVectors('Wycheproof', 'jose', (folder) => {
  const vectors = ['json_web_signature_test.json', 'json_web_key_test.json'].flatMap((file) => {
    const { numberOfTests, testGroups } = readVectorJson(folder, file) as VectorFile;
    const found = testGroups.flatMap((group) => group.tests.map((vector) => ({ file, group, vector })));
    expect(found).toHaveLength(numberOfTests);
    return found;
  });

  /** As the service would: public keys where the vectors have them, the secret ones where they have not. */
  const isAccepted = (group: VectorGroup, { jws }: Vector): boolean => {
    const key = group.public ?? group.private;
    const set = parseKeySet(JSON.stringify(key.keys === undefined ? { keys: [key] } : key));
    const parsed = parseCompactJws(typeof jws === 'string' ? jws : JSON.stringify(jws));
    if (set === undefined || parsed === undefined) return false;
    const found = set.find(parsed.algorithm, parsed.keyId);
    return found !== undefined && found !== 'unusable' && isSignedBy(parsed, found);
  };

  test('has no vector that is accepted wrongly', () => {
    const wrong = vectors.filter(({ group, vector }) => {
      const { alg } = group.public ?? group.private;
      const mustRefuse = vector.result !== 'valid' || /^(?:HS|PS|none)/i.test(alg ?? '');
      return mustRefuse && isAccepted(group, vector);
    });
    expect(wrong.map(({ file, vector }) => `${file} ${vector.tcId} ${vector.comment}`)).toEqual([]);
  });

  test('has no valid vector of RS and ES refused, but where the key names an algorithm that there is not', () => {
    const refused = vectors.filter(({ group, vector }) => {
      const { alg } = group.public ?? group.private;
      return vector.result === 'valid' && /^(?:RS|ES)/.test(alg ?? '') && !isAccepted(group, vector);
    });
    expect(refused.map(({ group }) => (group.public ?? group.private).alg)).toEqual(['ES521', 'ES521']);
  });
});
