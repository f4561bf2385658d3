/** Problems of names that refer to something: it must exist, and stand under its name alone. Pure. */

import { nearestName } from '../aws/nearest-name.ts';
import type { Problem } from './problem.ts';

/** At most one problem: the value is none of the known ones. @param what For the message: `group`. */
export function unknownName(
  value: string | undefined,
  place: string,
  known: readonly string[],
  what: string,
): readonly Problem[] {
  if (value === undefined || known.includes(value)) return [];
  const nearest = nearestName(value, known);
  const names = [...new Set(known)].join(', ');
  return [
    {
      place,
      value,
      message: `no such ${what}`,
      ...(nearest === undefined ? {} : { nearest }),
      hint: known.length === 0 ? `there is no ${what} at all` : `write one of ${names}`,
    },
  ];
}

/** One problem for each part whose name an earlier one has. */
export function duplicateNames(
  parts: readonly { readonly place: string; readonly name: string | undefined }[],
): readonly Problem[] {
  const seen = new Set<string>();
  return parts.flatMap(({ place, name }) => {
    if (name === undefined) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ place: `${place}.name`, value: name, message: 'this name is taken', hint: 'choose another' }];
  });
}

/** The texts among names that may be missing. */
export function namesOf(parts: readonly { readonly name: string | undefined }[]): readonly string[] {
  return parts.flatMap((part) => part.name ?? []);
}
