/** What must stand in the folder of a run of which a process was killed, and what `heal` finds there. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../lib/cli/main.ts';
import { testTerminal } from '../../lib/cli/test-terminal.ts';
import { readEvents } from '../../lib/journal/reader.ts';
import { openRunFolder, RUN_FILES } from '../../lib/journal/run-folder.ts';
import { processesOf } from '../processes.ts';
import type { Kill } from './kill.ts';

export interface Remains {
  /** Where run folders are made. */
  readonly out: string;
  readonly folder: string;
  /** Of the conductor; null when it was killed. */
  readonly exit: number | null;
}

/** Sentences; none when all is as promised. */
export async function afterwards(kill: Kill, remains: Remains): Promise<readonly string[]> {
  return kill.victim.startsWith('conductor')
    ? [...(await partialProblems(kill, remains)), ...(await healProblems(kill, remains))]
    : await inconclusiveProblems(kill, remains);
}

/** The conductor is dead: a partial folder, and the guardian's word where there was one. */
async function partialProblems({ victim, since }: Kill, { folder }: Remains): Promise<readonly string[]> {
  const { complete, reason } = await openRunFolder(folder);
  const problems: string[] = [];
  if (complete) problems.push('the folder is called complete');
  if (!reason.includes('did not end in order')) problems.push(`the folder does not say why: ${reason}`);
  if (since !== 'fault' || victim !== 'conductor') return problems;
  const last = readEvents(join(folder, RUN_FILES.events)).at(-1);
  if (last?.kind === 'guardian.healed' && last.faults.join() === 'outage') return problems;
  return [...problems, `the guardian did not say what it did: ${JSON.stringify(last)}`];
}

/** A first `heal` tells of the run, a second finds nothing; the report then says that it was cut off. */
async function healProblems({ victim, since }: Kill, { out, folder }: Remains): Promise<readonly string[]> {
  const problems: string[] = [];
  const first = await command('heal', '--out', out);
  // Two signals are not one: a conductor that outlives its guardian by a moment may lift the fault itself.
  const lifted = readEvents(join(folder, RUN_FILES.events)).some((event) => event.kind === 'fault.lifted');
  const told = lifted ? /healed: .*had died in mid-run/ : /healed: .*had died in mid-run.*outage/;
  if (since === 'fault' && !told.test(first)) problems.push(`heal found ${first}`);
  if (processesOf(folder).length > 0) problems.push('heal left the list of processes');
  const second = await command('heal', '--out', out);
  if (second !== 'nothing to heal') problems.push(`a second heal found ${second}`);
  if (since !== 'fault') return problems;
  await command('report', folder, '--format', 'json');
  const { complete, verdict, reasons } = JSON.parse(readFileSync(join(folder, RUN_FILES.reportJson), 'utf8'));
  const by = victim === 'conductor' ? 'the conductor ended without a word' : 'found by the sweep';
  if (lifted && victim !== 'conductor') return problems;
  if (complete !== false || verdict !== 'aborted' || !String(reasons[0]).includes(by)) {
    problems.push(`the report says ${verdict}, complete ${complete}: ${reasons[0]}`);
  }
  return problems;
}

/** A part of the run is dead: the conductor ends the run, which proves nothing, and says so. */
async function inconclusiveProblems({ victim }: Kill, { folder, exit }: Remains): Promise<readonly string[]> {
  const problems = exit === 5 ? [] : [`exit code ${exit}`];
  const { complete, reason } = await openRunFolder(folder);
  if (!complete) return [...problems, `the folder is partial: ${reason}`];
  const { verdict, reasons } = JSON.parse(readFileSync(join(folder, RUN_FILES.reportJson), 'utf8'));
  // A question that is on its way when a process dies is sometimes the first to notice.
  const told =
    victim === 'toxiproxy'
      ? /Toxiproxy had to be replaced/
      : new RegExp(`the ${victim} process (?:ended|does not answer)`);
  if (verdict === 'inconclusive' && told.test(String(reasons[0]))) return problems;
  return [...problems, `the report says ${verdict}: ${reasons[0]}`];
}

async function command(...parameters: string[]): Promise<string> {
  const terminal = testTerminal();
  await runCommandLine(parameters, terminal);
  return [...terminal.results, ...terminal.messages].join('\n');
}
