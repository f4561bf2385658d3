/** `serve`: the service in a container of its own, until a signal. Each world that asks on the socket gets one. */

import { openHost } from '../../process/hosting.ts';
import { SERVICE_ENTRY } from '../../world/service-entry.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

export async function serveCommand(
  socketPath: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const host = await openHost({ socketPath, name: 'service', entry: SERVICE_ENTRY });
  terminal.say(`the service stands ready on ${socketPath}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await host.close();
  return EXIT.pass;
}
