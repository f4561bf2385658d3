import { describe, expect, it } from 'vitest';
import { REGIONS } from '../aws/regions.ts';
import { parseRoundTrips, roundTrip } from './round-trip.ts';

describe('the table of round trips', () => {
  it('knows the measured way from Ireland to Virginia', () => {
    expect(roundTrip('eu-west-1', 'us-east-1')).toEqual({ medianMs: 69.74, p90Ms: 72.81, modelled: false });
  });

  it('marks what was estimated from geography', () => {
    expect(roundTrip('eu-west-1', 'us-gov-west-1').modelled).toBe(true);
  });

  it('has a way from every Region to every Region, itself included', () => {
    for (const from of ['eu-west-1', 'cn-north-1', 'us-gov-east-1', 'eusc-de-east-1']) {
      for (const to of ['eu-west-1', 'cn-north-1', 'us-gov-east-1', 'eusc-de-east-1']) {
        expect(roundTrip(from, to).medianMs).toBeGreaterThan(0);
      }
    }
  });

  it('takes Regions without a known place to be as far away as most are, and says that it guesses', () => {
    expect(roundTrip('us-iso-east-1', 'us-iso-east-1')).toMatchObject({ medianMs: 3.2, modelled: true });
    expect(roundTrip('us-iso-east-1', 'us-iso-west-1')).toMatchObject({ medianMs: 156, modelled: true });
    for (const { id } of REGIONS) expect(roundTrip('eu-west-1', id).medianMs).toBeGreaterThan(0);
  });

  it('names the pair that it does not know', () => {
    expect(() => roundTrip('eu-west-1', 'moon-1')).toThrow("from 'eu-west-1' to 'moon-1'");
  });

  it('refuses a line without a positive time', () => {
    expect(() => parseRoundTrips('# why\nfrom,to,p50_ms,p90_ms,kind\na,b,x,2,measured\n')).toThrow('a,b,x,2');
  });
});
