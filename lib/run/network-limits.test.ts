import { describe, expect, it } from 'vitest';
import { type ScenarioInput, scenarioSchema } from '../scenario/schema.ts';
import { validScenario } from '../scenario/valid.fixture.ts';
import { refuseWhatNetworkCannot } from './network-limits.ts';

const target = { region: 'eu-west-1' };
const times = { at: '5s', for: '5s' } as const;
const refused = { name: 'refused', kind: 'refused', target, ...times } as const;

const check = (network: 'embedded' | 'toxiproxy', ...faults: NonNullable<ScenarioInput['faults']>) =>
  refuseWhatNetworkCannot(scenarioSchema.parse({ ...validScenario(), faults, expect: [] }), 7, network);

describe('what the chosen network cannot do', () => {
  it('is refused by the name of the fault, also inside a group, with the network that can', () => {
    const stalls = { kind: 'stalls', target, shareOfFlights: 0.2, stallMs: 300 } as const;
    const group = { name: 'loss', kind: 'group' as const, ...times, parts: [stalls] };
    expect(() => check('toxiproxy', refused, group)).toThrow(
      expect.objectContaining({
        code: 'RF-NETWORK-CANNOT',
        exitCode: 2,
        message: expect.stringMatching(/the toxiproxy network cannot .*fault 'loss\/stalls': /),
        hint: '--network embedded',
      }),
    );
    check('embedded', refused, group);
  });

  it('is nothing where it can do all that is asked', () => {
    check('toxiproxy', refused);
  });
});
