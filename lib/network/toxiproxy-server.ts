/**
 * A toxiproxy-server as a child of ours: on loopback, on a port of its own, clean when it begins and dead when
 * we are. A server that we did not start, or that is not empty, is refused.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EnvironmentError } from '../errors/regionfall-error.ts';
import { monotonicUs } from '../time/monotonic.ts';
import { freePort, LOOPBACK, type PortChooser } from './link-ports.ts';
import { createToxiproxyControl, type ToxiproxyControl } from './toxiproxy-control.ts';

export interface ToxiproxyServer {
  readonly pid: number;
  readonly apiPort: number;
  readonly version: string;
  /** Name of the one proxy that it began with; it stays, closed, and is no link. */
  readonly mark: string;
  readonly control: ToxiproxyControl;
  /** Resolves when it has ended, asked or not. */
  readonly ended: Promise<void>;
  running(): boolean;
  /** Ends it at once: it holds nothing worth an orderly end. */
  kill(): void;
}

const START_DEADLINE_MS = 5_000;

/** Starts one at `path` and proves that the server which answers is this one. */
export async function startToxiproxyServer(path: string, ports: PortChooser): Promise<ToxiproxyServer> {
  const apiPort = await freePort(ports);
  // The proof: a proxy of a name that only our child has been told, by its configuration.
  const mark = `regionfall-${randomBytes(8).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'regionfall-'));
  const config = join(folder, 'toxiproxy.json');
  const place = {
    name: mark,
    listen: `${LOOPBACK}:${await freePort(ports)}`,
    upstream: `${LOOPBACK}:${apiPort}`,
  };
  await writeFile(config, JSON.stringify([{ ...place, enabled: false }]), { mode: 0o600, flag: 'wx' });
  const child = spawn(path, ['-host', LOOPBACK, '-port', String(apiPort), '-config', config], {
    env: { LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killWithUs);
  const output = tail(child);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      running = false;
      process.off('exit', killWithUs);
      resolve();
    };
    child.once('exit', end).once('error', end);
  });
  try {
    const control = createToxiproxyControl(apiPort);
    const version = await firstAnswer(control, () => running, output);
    await assertOursAndClean(control, mark, apiPort, output);
    const { pid } = child;
    if (pid === undefined) throw failedToStart(output());
    return { pid, apiPort, version, mark, control, ended, running: () => running, kill: killWithUs };
  } catch (error) {
    killWithUs();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Refuses a server that another program started, or that begins with proxies from an earlier life. */
export async function assertOursAndClean(
  control: ToxiproxyControl,
  mark: string,
  apiPort: number,
  output: () => string = () => '',
): Promise<void> {
  const names = [...(await control.proxies()).keys()];
  if (names.length === 1 && names[0] === mark) return;
  const what = names.includes(mark) ? 'is not empty' : 'is not the one that this run started';
  throw new EnvironmentError(
    `the Toxiproxy that answers on port ${apiPort} ${what} (${names.length} proxies) ${output()}`.trim(),
    { code: 'RF-TOXIPROXY-DIRTY', hint: 'end the other Toxiproxy, or run with --network embedded' },
  );
}

async function firstAnswer(
  control: ToxiproxyControl,
  running: () => boolean,
  output: () => string,
): Promise<string> {
  let failure: unknown;
  const deadlineUs = monotonicUs() + START_DEADLINE_MS * 1_000;
  while (running() && monotonicUs() < deadlineUs) {
    try {
      return await control.version();
    } catch (error) {
      failure = error;
      await pause(10);
    }
  }
  throw failedToStart(output() || (failure as Error | undefined)?.message || 'it ended at once');
}

function failedToStart(why: string): EnvironmentError {
  return new EnvironmentError(`toxiproxy-server did not start: ${why}`, {
    code: 'RF-TOXIPROXY-START',
    hint: 'run `regionfall doctor` to see which one was found',
  });
}

function tail(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString('utf8')).slice(-2_000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  return () => text.trim();
}
