/**
 * The folder of one run: its name, the names of the files in it, and whether what it holds is whole.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../errors/regionfall-error.ts';
import { type EventLog, parseEventLog } from './event-line.ts';
import { type FolderFiles, filesOnDisk } from './folder-files.ts';
import { MANIFEST_NAME, type Manifest, verifyManifest } from './manifest.ts';

export const RUN_FILES = {
  scenario: 'scenario.json',
  events: 'events.ndjson',
  samples: 'samples.arrows',
  service: 'service.arrows',
  reportHtml: 'report.html',
  reportJson: 'report.json',
  manifest: MANIFEST_NAME,
} as const;

/** Files without which a folder is not a run, manifest or no manifest. */
const ESSENTIAL = [RUN_FILES.scenario, RUN_FILES.events, RUN_FILES.samples, RUN_FILES.service] as const;

export type RunFile = keyof typeof RUN_FILES;

export interface RunFolder {
  readonly path: string;
  /** The run ended in order and no file was changed since. */
  readonly complete: boolean;
  /** Why it is not complete, in whole sentences; empty when it is. */
  readonly reason: string;
  /** Names of the files that are not as they were sealed; of the manifest alone when there is no valid one. */
  readonly damaged: readonly string[];
  readonly manifest: Manifest | undefined;
  /** Files that were added later. */
  readonly unlisted: readonly string[];
  file(name: RunFile): string;
}

/**
 * Makes `{outDir}/{utc}-{scenario}` with mode 0700, for this run alone: when two start within a second the later
 * gets `-2` appended. Returns the path.
 */
export async function createRunFolder(
  outDir: string,
  scenarioName: string,
  nowWallMs: number,
): Promise<string> {
  await mkdir(outDir, { recursive: true });
  const utc = new Date(nowWallMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
  const name = `${utc}-${scenarioName.replaceAll(/[^A-Za-z0-9._-]/g, '-')}`;
  for (let number = 1; ; number += 1) {
    const path = join(outDir, number === 1 ? name : `${name}-${number}`);
    try {
      await mkdir(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** @throws UsageError when the path is no folder. */
export async function runFilesAt(path: string): Promise<FolderFiles> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) return filesOnDisk(path);
  throw new UsageError(`There is no run folder at '${path}'.`, {
    code: 'RF-NO-RUN',
    hint: 'Name a folder that `regionfall run` has written, such as runs/20261124T210000Z-region-outage.',
  });
}

/** Checks the folder against its manifest. @throws UsageError when the path is no folder. */
export async function openRunFolder(path: string): Promise<RunFolder> {
  return await openRunFiles(await runFilesAt(path));
}

/** The same for files that may be anywhere. */
export async function openRunFiles(files: FolderFiles): Promise<RunFolder> {
  const { path } = files;
  const check = await verifyManifest(files);
  const file = (name: RunFile): string => join(path, RUN_FILES[name]);
  if (!check.ok) {
    return {
      path,
      complete: false,
      reason: [...check.problems.map(({ sentence }) => sentence), ...lastWords(files)].join(' '),
      damaged: check.problems.map((problem) => problem.file),
      manifest: undefined,
      unlisted: [],
      file,
    };
  }
  const listed = new Set(check.manifest.files.map((entry) => entry.name));
  const absent = ESSENTIAL.filter((name) => !listed.has(name));
  const reason = absent.map((name) => `${name} was missing when the folder was sealed.`).join(' ');
  return {
    path,
    complete: absent.length === 0,
    reason,
    damaged: absent,
    manifest: check.manifest,
    unlisted: check.unlisted,
    file,
  };
}

/** What the journal of a run without a seal tells of its end. */
function lastWords(files: FolderFiles): readonly string[] {
  if (files.size(MANIFEST_NAME) !== undefined) return [];
  const { events, unreadableLines } = journalOf(files);
  const last = events.findLast((event) => event.kind === 'run.aborted' || event.kind === 'guardian.healed');
  return [
    ...(last === undefined || !('reason' in last)
      ? []
      : [`Its journal says: ${last.reason.replace(/\.?$/, '.')}`]),
    ...(unreadableLines === 0
      ? []
      : [`Lines of ${RUN_FILES.events} that cannot be read: ${unreadableLines}.`]),
  ];
}

function journalOf(files: FolderFiles): EventLog {
  try {
    return parseEventLog(Buffer.from(files.read(RUN_FILES.events) ?? []).toString('utf8'));
  } catch {
    // One that the system will not hand out says nothing.
    return { events: [], unreadableLines: 0 };
  }
}
