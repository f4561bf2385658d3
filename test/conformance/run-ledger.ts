/** Goes through a ledger, section by section, and writes what it found as it goes: a table, or one JSON object. */

import { type Behaviour, type Failure, type Outcome, reasonOf, type Section, type Status } from './ledger.ts';
import { closingText, sectionText } from './table.ts';

export interface Finding {
  readonly id: string;
  readonly behaviour: string;
  readonly source: string;
  readonly status: Status;
  readonly result: 'pass' | 'fail' | 'skip';
  /** Single checks made: 1 but for a group; 0 when skipped. */
  readonly checks: number;
  readonly passed: number;
  /** At least one when `result` is `fail`: a check, or that there were too few. */
  readonly failures: readonly Failure[];
  /** Why it was skipped; empty otherwise. */
  readonly skipped: string;
}

export interface SectionFindings {
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** A skipped group counts as one, since nobody knows how many checks it would have made. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface LedgerOptions {
  readonly write: (text: string) => void;
  readonly json?: boolean;
  /** Width of the screen. */
  readonly columns?: number;
  /** After so long a check has failed. 5 minutes without it. */
  readonly deadlineMs?: number;
}

/** The exit code: 0, or 1 when anything failed. */
export async function runLedger(sections: readonly Section[], options: LedgerOptions): Promise<0 | 1> {
  const { write, json = false, columns = 120, deadlineMs = 300_000 } = options;
  const ids = new Set<string>();
  const all: SectionFindings[] = [];
  for (const section of sections) {
    const found = await runSection(section, ids, deadlineMs);
    all.push(found);
    if (!json) write(sectionText(found, columns));
  }
  const totals = totalsOf(all.flatMap(({ findings }) => findings));
  write(json ? `${JSON.stringify({ ...totals, sections: all }, null, 2)}\n` : closingText(all, totals));
  return totals.failed === 0 ? 0 : 1;
}

export function totalsOf(findings: readonly Finding[]): Totals {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const finding of findings) {
    passed += finding.passed;
    failed += finding.failures.length;
    if (finding.result === 'skip') skipped += 1;
  }
  return { passed, failed, skipped };
}

async function runSection(section: Section, ids: Set<string>, deadlineMs: number): Promise<SectionFindings> {
  const { title } = section;
  const findings: Finding[] = [];
  const fail = (behaviour: string, error: unknown): void => {
    const failures = [{ check: title, reason: reasonOf(error) }];
    const frame = {
      id: title,
      source: 'the ledger itself',
      status: 'modelled',
      passed: 0,
      skipped: '',
    } as const;
    findings.push({ ...frame, behaviour, result: 'fail', checks: 1, failures });
  };
  const scope = new AsyncDisposableStack();
  try {
    for (const behaviour of await section.behaviours(scope)) {
      if (ids.has(behaviour.id)) fail('names each behaviour once', `'${behaviour.id}' is there twice`);
      ids.add(behaviour.id);
      findings.push(await find(behaviour, deadlineMs));
    }
  } catch (error) {
    fail('can be put up', error);
  }
  try {
    await scope.disposeAsync();
  } catch (error) {
    fail('can be taken down', error);
  }
  return { title, findings };
}

async function find(entry: Behaviour, deadlineMs: number): Promise<Finding> {
  const { id, behaviour, source, status, atLeast = 0 } = entry;
  const facts = { id, behaviour, source, status };
  let outcome: Outcome;
  try {
    outcome = await withDeadline(entry.check, deadlineMs);
  } catch (error) {
    const failures = [{ check: id, reason: reasonOf(error) }];
    return { ...facts, result: 'fail', checks: 1, passed: 0, failures, skipped: '' };
  }
  if (outcome !== undefined && 'skip' in outcome) {
    return { ...facts, result: 'skip', checks: 0, passed: 0, failures: [], skipped: outcome.skip };
  }
  const { checks, failures: found } = outcome ?? { checks: 1, failures: [] };
  const missing = { check: id, reason: `made ${checks} checks, and should make at least ${atLeast}` };
  const failures = checks < atLeast ? [...found, missing] : found;
  const result = failures.length > 0 ? 'fail' : 'pass';
  return { ...facts, result, checks, passed: checks - found.length, failures, skipped: '' };
}

async function withDeadline(check: Behaviour['check'], deadlineMs: number): Promise<Outcome> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`was not done after ${deadlineMs / 1_000} s`)), deadlineMs);
  try {
    return await Promise.race([check(), promise]);
  } finally {
    clearTimeout(timer);
  }
}
