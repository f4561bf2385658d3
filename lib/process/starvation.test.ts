import { describe, expect, it } from 'vitest';
import { starvation } from './starvation.ts';

describe('an error of a connection', () => {
  it.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])(
    'is our own lack when it is %s',
    (code) => {
      expect(starvation('the network', code)).toMatch(
        new RegExp(`^the network has run out of .*\\(${code}\\)$`),
      );
    },
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '', undefined])(
    'is the other side’s when it is %s',
    (code) => {
      expect(starvation('the network', code)).toBeUndefined();
    },
  );
});
