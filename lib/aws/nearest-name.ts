/** "Did you mean": the known name that a mistyped one most likely stands for. */

/**
 * The name with the fewest edits (insert, delete, replace, swap of neighbours; letter case is free), or `undefined`
 * when even that one differs in more than a third of its letters. Of equals the earliest in the list wins.
 */
export function nearestName(value: string, names: readonly string[]): string | undefined {
  const wanted = value.toLowerCase();
  let best: { name: string; edits: number } | undefined;
  for (const name of names) {
    const edits = editDistance(wanted, name.toLowerCase());
    if (best === undefined || edits < best.edits) best = { name, edits };
  }
  if (best === undefined) return undefined;
  const allowed = Math.max(2, Math.floor(Math.max(value.length, best.name.length) / 3));
  // A name of which nothing is left after the edits is no neighbour, however short both are.
  return best.edits <= allowed && best.edits < best.name.length ? best.name : undefined;
}

/** Damerau-Levenshtein distance in its restricted form: no piece is edited twice. */
function editDistance(left: string, right: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = at(above, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
      let edits = Math.min(replaced, at(above, column) + 1, at(current, column - 1) + 1);
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) edits = Math.min(edits, at(twoAbove, column - 2) + 1);
      current.push(edits);
    }
    twoAbove = above;
    above = current;
  }
  return at(above, right.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
