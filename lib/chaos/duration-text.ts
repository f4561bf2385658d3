/** The schema of a length of time in a scenario. The text stays text, so that a resolved scenario reads as written. */

import { z } from 'zod';
import { type DurationText, parseDurationUs } from '../time/duration.ts';

/** `250ms`, `30s`, `5m`, `1h`; zero only as an instant (`at: '0s'`), never as a length. */
export const durationText = z
  .string()
  .refine((text) => parseDurationUs(text) !== undefined, 'not a duration: write 250ms, 30s, 5m or 1h')
  // The refinement is exactly what the template type says, which zod cannot express with fractions.
  .meta({ pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' }) as unknown as z.ZodType<DurationText>;
