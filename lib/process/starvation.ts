/**
 * Errors of the machine under a connection that look like errors of the other side: no file descriptor, port or
 * memory was left on ours. What is measured from then on says nothing about anybody else. Pure.
 */

const MEANINGS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'local ports',
  EMFILE: 'file descriptors: raise `ulimit -n`, or lower the load',
  ENFILE: 'file descriptors, as has the whole machine',
  ENOBUFS: 'socket buffers',
  ENOMEM: 'memory',
};

/** A sentence such as `network has run out of local ports (EADDRNOTAVAIL)`; undefined for every other error. */
export function starvation(process: string, errnoCode: string | undefined): string | undefined {
  const what = MEANINGS[errnoCode ?? ''];
  return what === undefined ? undefined : `${process} has run out of ${what} (${errnoCode})`;
}
