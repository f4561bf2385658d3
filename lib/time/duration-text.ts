/** The schema of a length of time in a scenario. The text stays text, so that a resolved scenario reads as written. */

import { z } from 'zod';
import { type DurationText, parseDurationUs } from './duration.ts';

export const NOT_A_DURATION = 'not a duration: write 250ms, 30s, 5m or 1h';

/** `250ms`, `30s`, `5m`, `1h`; zero only as an instant (`at: '0s'`), never as a length. */
export const durationText = z
  .string()
  .refine((text) => parseDurationUs(text) !== undefined, NOT_A_DURATION)
  // The refinement is exactly what the template type says, which zod cannot express with fractions.
  .meta({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' }) as unknown as z.ZodType<DurationText>;
