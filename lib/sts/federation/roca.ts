/**
 * Tells RSA moduli made by a library whose primes were all of one shape, so that they can be factored ("The Return of
 * Coppersmith's Attack", Nemec and others, 2017). Such a modulus is a power of 65537 modulo every small prime; one
 * that was made well passes all of these by a chance of about one in 2^27.
 */

export function hasRocaFingerprint(modulus: bigint): boolean {
  return FINGERPRINTS.every(([prime, powers]) => powers.has(Number(modulus % BigInt(prime))));
}

const SMALL_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107,
  109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

const FINGERPRINTS: readonly (readonly [prime: number, powers: ReadonlySet<number>])[] = SMALL_PRIMES.map(
  (prime) => [prime, powersOf(65537 % prime, prime)],
);

function powersOf(base: number, prime: number): ReadonlySet<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % prime) powers.add(power);
  return powers;
}
