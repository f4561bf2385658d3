import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureOf } from './signature.ts';

/** Few values of each, so that most signatures meet a signing key that is kept. */
const calls = fc.array(
  fc.record({
    canonical: fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('x'.repeat(5_000))),
    accessKeyId: fc.constantFrom('AKIAONE', 'AKIATWO'),
    secretAccessKey: fc.constantFrom('secret', 'another', 'é'.repeat(70)),
    date: fc.constantFrom('20260131', '20260201'),
    region: fc.constantFrom('eu-west-1', 'us-east-1', 'r'.repeat(2_000)),
    service: fc.constantFrom('sts', 'iam'),
  }),
  { minLength: 1, maxLength: 20 },
);

interface Call {
  readonly canonical: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

describe('a signature', () => {
  it('is the plain chain of HMACs, whichever keys were used before', () => {
    fc.assert(
      fc.property(calls, (sequence) => {
        for (const call of sequence) {
          expect(signatureOf(call.canonical, `${call.date}T120000Z`, call, call)).toBe(plainSignature(call));
        }
      }),
    );
  });

  it('stays right when more keys are in use than are kept', () => {
    const call = {
      canonical: 'x',
      secretAccessKey: 's',
      date: '20260131',
      region: 'eu-west-1',
      service: 'sts',
    };
    for (let index = 0; index < 20_000; index += 1) {
      signatureOf('x', '20260131T120000Z', call, { ...call, accessKeyId: `ASIA${index}` });
    }
    for (const accessKeyId of ['ASIA0', 'ASIA10000', 'ASIA19999', 'ASIA20000']) {
      expect(signatureOf('x', '20260131T120000Z', call, { ...call, accessKeyId })).toBe(
        plainSignature({ ...call, accessKeyId }),
      );
    }
  });
});

/** As the documentation describes it, without regard for speed. */
function plainSignature({ canonical, secretAccessKey, date, region, service }: Call): string {
  const hmac = (key: string | Buffer, text: string): Buffer =>
    createHmac('sha256', key).update(text).digest();
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const digest = createHash('sha256').update(canonical).digest('hex');
  const text = `AWS4-HMAC-SHA256\n${date}T120000Z\n${date}/${region}/${service}/aws4_request\n${digest}`;
  return hmac(key, text).toString('hex');
}
