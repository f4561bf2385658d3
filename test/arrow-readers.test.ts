/** What a run leaves must open without our code: pyarrow and DuckDB read samples and the service's log. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { partOrSkip } from './required-part.ts';
import { shortOutage, tell } from './story.ts';

const pyarrow = await partOrSkip('pyarrow');

const SCRIPT = `
import json, sys, duckdb, pyarrow as pa
samples = pa.ipc.open_stream(sys.argv[1]).read_all()
service = pa.ipc.open_stream(sys.argv[2]).read_all()
con = duckdb.connect()
con.register('samples', samples)
con.register('service', service)
joined = con.execute("select count(*) from samples join service using (request_id) where samples.status > 0 and samples.serving_region = service.region").fetchone()[0]
outcomes = con.execute("""
  select outcome, count(*) from (
    select arrival, arg_max(outcome, attempt) as outcome from samples group by arrival) group by outcome""").fetchall()
print(json.dumps({
  'schema': {field.name: str(field.type) for field in samples.schema},
  'rows': samples.num_rows, 'service': service.num_rows, 'joined': joined,
  'answered': con.execute('select count(*) from samples where status > 0').fetchone()[0],
  'outcomes': dict((str(k), v) for k, v in outcomes)}))
`;

pyarrow.suite('samples outside Regionfall', () => {
  it('open in pyarrow with the columns of the contract, and DuckDB counts what the run counted', {
    timeout: 90_000,
  }, async () => {
    const { folder, json, history, service } = await tell({ scenario: shortOutage() });
    const read = JSON.parse(
      execFileSync(
        pyarrow.path,
        ['-c', SCRIPT, join(folder, 'samples.arrows'), join(folder, 'service.arrows')],
        { encoding: 'utf8' },
      ),
    );
    const { planned: _, ...counts } = json.counts;
    expect(Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))).toEqual(
      read.outcomes,
    );
    expect(read).toMatchObject({
      rows: history.samples.length,
      service: service.length,
      joined: read.answered,
    });
    expect(Object.keys(read.schema)).toEqual([
      'planned_us',
      'started_us',
      'ended_us',
      'caller',
      'location',
      'endpoint',
      'serving_region',
      'operation',
      'arrival',
      'attempt',
      'outcome',
      'status',
      'error_code',
      'reused',
      'connect_us',
      'tls_us',
      'wait_us',
      'request_id',
    ]);
    expect(read.schema).toMatchObject({
      planned_us: 'int64',
      arrival: 'uint32',
      attempt: 'uint8',
      status: 'uint16',
      connect_us: 'int32',
      reused: 'bool',
    });
    expect(read.schema.endpoint).toMatch(/^dictionary<values=string/);
  });
});
