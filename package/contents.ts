/** What must not be in a package: tests, secrets, places of the machine that built it. Values in, sentences out. */

/** @param places Absolute paths that nobody else has: of the clone, of its user, of temporary files. */
export function unwanted(path: string, text: string, places: readonly string[]): readonly string[] {
  return [
    ...(NOT_FOR_USERS.test(path) ? [`${path} is for tests only`] : []),
    ...places
      .filter((place) => text.includes(place))
      .map((place) => `${path} names ${place} of this machine`),
    ...Object.entries(SECRETS).flatMap(([what, pattern]) => {
      const found = [...text.matchAll(pattern)]
        .map(([match]) => match)
        .filter((match) => !EXAMPLE.test(match));
      // Its begin is enough to find it, and a log keeps what it is told.
      return found.map((match) => `${path} holds what looks like ${what}: ${match.slice(0, 12)}…`);
    }),
  ];
}

/** By the names that test/rooms.test.ts goes by: `x.test.ts`, `x.fixture.ts`, `test-x.ts`, `fixture-x.ts`. */
const NOT_FOR_USERS = /\.(?:test|fixture|bench|snap)(?:\.|$)|(?:^|\/)(?:test|fixture)-[^/]+$|(?:^|\/)test\//;

const SECRETS: Readonly<Record<string, RegExp>> = {
  'an access key of AWS': /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g,
  'a secret key of AWS': /secret_?access_?key["']?\s*[:=]\s*["'][A-Za-z0-9/+]{40}["']/gi,
  // In source and, as one line, in a source map.
  'a private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\n|\s)*[A-Za-z0-9+/]{32,}/g,
  'a token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{30,}/g,
  'a token of npm': /\bnpm_[A-Za-z0-9]{36}|_authToken/g,
  'a token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  'a key of Google': /\bAIza[A-Za-z0-9_-]{35}/g,
  'a JSON Web Token': /\beyJ[A-Za-z0-9_-]{20,}\.eyJ[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}/g,
  'a URL with a password': /\b[a-z]+:\/\/[^\s/:@'"`${}]+:[^\s/:@'"`${}]+@/g,
};

/** As AWS writes them in its documentation. */
const EXAMPLE = /EXAMPLE/;
