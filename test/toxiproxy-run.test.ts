import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TOXIPROXY_LIMITS } from '../lib/network/toxiproxy-link.ts';
import { isAlive } from './processes.ts';
import { partOrSkip } from './required-part.ts';
import { shortOutage, tell } from './story.ts';

const toxiproxy = await partOrSkip('toxiproxy');

toxiproxy.suite('a run behind Toxiproxy', () => {
  it('passes the same scenario, says in the report what Toxiproxy cannot do, and leaves no server', {
    timeout: 90_000,
  }, async () => {
    const { json, events } = await tell({ scenario: shortOutage(), network: 'toxiproxy' });
    expect(json).toMatchObject({ verdict: 'pass', network: 'toxiproxy' });
    const page = readFileSync(json.reports.html, 'utf8').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
    for (const limit of Object.values(TOXIPROXY_LIMITS)) expect(page).toContain(limit);
    const started = events.flatMap((event) => (event.kind === 'process.started' ? [event] : []));
    expect(started.map(({ name }) => name)).toContain('toxiproxy');
    expect(started.filter(({ pid }) => isAlive(pid))).toEqual([]);
  });
});
