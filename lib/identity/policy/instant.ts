/**
 * Points in time as conditions write them: the ISO 8601 forms that the W3C note on date formats lists, or seconds
 * since 1970. Source: "Date condition operators" in the IAM User Guide; the limits of what is refused are MODELLED
 * after texts that IAM was seen to refuse.
 */

/** Seconds since 1970, with a fraction; `undefined` for anything else. */
export function parseInstant(text: string): number | undefined {
  if (text.length > LONGEST) return undefined;
  if (/^-?\d+$/.test(text) && !/^\d{4}$/.test(text)) return parseEpoch(text);
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] =
    match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (date.month < 1 || date.month > 12 || date.day < 1 || date.day > daysIn(date.year, date.month)) {
    return undefined;
  }
  const offsetSeconds = parseZone(zone);
  if (offsetSeconds === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return undefined;
  }
  const clock = Number(hour) * 3600 + Number(minute) * 60 + Number(second) + Number(`0.${fraction}`);
  return daysSinceEpoch(date) * 86_400 + clock - offsetSeconds;
}

const LONGEST = 64;

const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}(?::?\d{2})?))?)?)?$/;

/** A 64-bit number: beyond it IAM refuses the policy. */
function parseEpoch(text: string): number | undefined {
  const value = BigInt(text);
  return value >= -(2n ** 63n) && value < 2n ** 63n ? Number(value) : undefined;
}

function parseZone(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', ''));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Counted from March, so that the leap day comes last in its year. */
function daysSinceEpoch({ year, month, day }: { year: number; month: number; day: number }): number {
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
