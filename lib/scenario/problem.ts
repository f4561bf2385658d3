/** What is wrong with a scenario: one thing, where it stands, and what would be right. */

export interface Problem {
  /** Path from the top: `faults[0].target.region`; empty for the scenario as a whole. */
  readonly place: string;
  readonly value: unknown;
  /** What is wrong, without place and value. */
  readonly message: string;
  /** The most likely meant value. */
  readonly nearest?: string;
  /** What to change. */
  readonly hint: string;
}

export function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** One line: `faults[0].target.region is 'eu-west-9': no such Region; did you mean 'eu-west-1'?` */
export function describeProblem(problem: Problem): string {
  const subject = problem.place === '' ? 'the scenario' : problem.place;
  const value = problem.value === undefined ? 'is missing' : `is ${quoted(problem.value)}`;
  const advice = problem.nearest === undefined ? problem.hint : `did you mean '${problem.nearest}'?`;
  return `${subject} ${value}: ${problem.message}; ${advice}`;
}

const SHOWN = 80;

function quoted(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
