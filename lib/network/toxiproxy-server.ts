/**
 * A toxiproxy-server as a child of ours: on loopback, on a port of its own, clean when it begins and dead when
 * we are. A server that we did not start, or that is not empty, is refused. One that somebody else started and gave
 * to us is in toxiproxy-given.ts.
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
import type { HeldPorts } from './toxiproxy-held-ports.ts';

/** A server that is up, and clean but for the proxy of its mark. */
export interface ToxiproxyServer {
  /** Of its API, without a slash at its end. */
  readonly url: string;
  readonly version: string;
  readonly control: ToxiproxyControl;
  /** Process id of a child of ours; undefined where it is somebody else's, who alone may kill or restart it. */
  readonly pid: number | undefined;
  /** Name of the one proxy that it began with; it stays, closed, and is no link. */
  readonly mark: string | undefined;
  /** Resolves when it is known to have ended, asked or not. */
  readonly ended: Promise<unknown>;
  running(): boolean;
  /** The end of what a child of ours printed; empty where it printed nothing, or is not ours. */
  output(): string;
  /**
   * A child ends at once: it holds nothing worth an orderly end. From a server that is not ours everything of ours is
   * taken away.
   */
  close(): Promise<void>;
}

const START_DEADLINE_MS = 5_000;

/** Starts one at `path` and proves that the server which answers is this one. */
export async function startToxiproxyServer(
  path: string,
  ports: PortChooser,
  held: HeldPorts,
): Promise<ToxiproxyServer> {
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
  const ended = new Promise<unknown>((resolve) => {
    const end = (): void => {
      running = false;
      process.off('exit', killWithUs);
    };
    child.once('exit', end).once('error', end);
    // After its last words, which may still be under way when it exits.
    child.once('close', resolve).once('error', resolve);
  });
  try {
    const url = `http://${LOOPBACK}:${apiPort}`;
    const control = createToxiproxyControl(url, held);
    const version = await firstAnswer(control, () => running, output);
    await assertOursAndClean(control, mark, apiPort, output);
    const { pid } = child;
    if (pid === undefined) throw failedToStart(output());
    const close = async (): Promise<void> => {
      killWithUs();
      await ended;
    };
    return { url, version, control, pid, mark, ended, running: () => running, output, close };
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
