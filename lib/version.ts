/** The version of this package, in user agents, reports and `--version`. A test holds it against package.json. */
export const VERSION = '0.1.0';
