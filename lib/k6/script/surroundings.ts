/** What code of ours takes for granted and k6 does not have. Put in front of every bundle; see bundle.ts. */

import encoding from 'k6/encoding';

/** Only what reading an extended request id takes. */
export const Buffer = {
  from: (text: string, _encoding: 'base64') => ({
    toString: (_as: 'latin1'): string => encoding.b64decode(text, 'std', 's'),
  }),
};

/** Parameters of ours are well formed already: names and ARNs. */
const prototype = String.prototype as { toWellFormed?: () => string };
prototype.toWellFormed ??= function toWellFormed(this: string): string {
  return String(this);
};
