import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSamples, decodeServiceRecords, readSamples } from './reader.ts';
import { OUTCOMES, type Sample, type ServiceRecord } from './sample.ts';
import { openSampleWriter, openServiceWriter } from './sample-writer.ts';

let folder = '';
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regionfall-journal-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function freshPath(): string {
  files += 1;
  return join(folder, `${files}.arrows`);
}

function sampleOf(index: number, change: Partial<Sample> = {}): Sample {
  return {
    plannedUs: index * 1_000 - 3,
    startedUs: index * 1_000,
    endedUs: index * 1_000 + 420,
    caller: `app-${index % 6}`,
    location: 'eu-west-1',
    endpoint: index % 2 === 0 ? 'sts.eu-west-1.amazonaws.com' : 'sts.amazonaws.com',
    servingRegion: index % 5 === 0 ? '' : 'eu-west-1',
    operation: 'AssumeRole',
    arrival: index,
    attempt: 1 + (index % 3),
    outcome: OUTCOMES[index % 4] ?? 'ok',
    status: index % 5 === 0 ? 0 : 200,
    errorCode: '',
    reused: index % 3 === 0,
    connectUs: -1,
    tlsUs: index,
    waitUs: 300,
    requestId: `request-${index}`,
    ...change,
  };
}

/** Writes the batches, one flush each, and gives the file's path. */
async function written(batches: readonly (readonly Sample[])[]): Promise<string> {
  const path = freshPath();
  const writer = await openSampleWriter(path);
  for (const batch of batches) {
    for (const sample of batch) writer.write(sample);
    await writer.flush();
  }
  await writer.close();
  return path;
}

function rowsOf(bytes: Uint8Array): Sample[] {
  const table = decodeSamples(bytes);
  return Array.from({ length: table.length }, (_, row) => table.row(row));
}

const integer = (min: number, max: number) => fc.integer({ min, max });
const anySample: fc.Arbitrary<Sample> = fc.record({
  plannedUs: integer(-(2 ** 40), 2 ** 52),
  startedUs: integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  endedUs: integer(-1, 2 ** 33),
  caller: fc.string(),
  location: fc.constantFrom('eu-west-1', 'us-east-1'),
  endpoint: fc.string({ unit: 'grapheme' }),
  servingRegion: fc.constantFrom('', 'eu-west-1'),
  operation: fc.constantFrom('AssumeRole', 'GetCallerIdentity', 'GetSessionToken'),
  arrival: integer(0, 2 ** 32 - 1),
  attempt: integer(0, 255),
  outcome: fc.constantFrom(...OUTCOMES),
  status: integer(0, 65_535),
  errorCode: fc.constantFrom('', 'ECONNREFUSED', 'ExpiredToken'),
  reused: fc.boolean(),
  connectUs: integer(-1, 2 ** 31 - 1),
  tlsUs: integer(-1, 2 ** 31 - 1),
  waitUs: integer(-1, 2 ** 31 - 1),
  requestId: fc.string({ unit: 'grapheme' }),
});

describe('a file of samples', () => {
  it('gives back every row as it was written, over any batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anySample, { maxLength: 20 }), { maxLength: 6 }),
        async (batches) => {
          const path = await written(batches);
          expect(rowsOf(await readFile(path))).toEqual(batches.flat());
          await rm(path);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('is a whole and empty file when no row came', async () => {
    const table = readSamples(await written([]));
    expect(table).toMatchObject({ length: 0, complete: true, ignoredBytes: 0 });
  });

  it('can be read while it is being written, up to the last flush', async () => {
    const path = freshPath();
    const writer = await openSampleWriter(path);
    writer.write(sampleOf(0));
    await writer.flush();
    writer.write(sampleOf(1));
    expect(readSamples(path)).toMatchObject({ length: 1, complete: false, ignoredBytes: 0 });
    expect(await writer.close()).toEqual({ rows: 2 });
    expect(readSamples(path)).toMatchObject({ length: 2, complete: true });
  });

  it('keeps the order of flushes that overlap', async () => {
    const path = freshPath();
    const writer = await openSampleWriter(path);
    for (let index = 0; index < 50; index += 1) {
      writer.write(sampleOf(index));
      void writer.flush();
    }
    await writer.close();
    expect(Array.from(readSamples(path).arrival)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('is closed once, however often it is asked, and takes no row afterwards', async () => {
    const writer = await openSampleWriter(freshPath());
    writer.write(sampleOf(0));
    expect(await Promise.all([writer.close(), writer.close()])).toEqual([{ rows: 1 }, { rows: 1 }]);
    expect(() => writer.write(sampleOf(1))).toThrow(/after .* was closed/);
  });

  it('never replaces one that exists', async () => {
    const path = await written([[sampleOf(0)]]);
    await expect(openSampleWriter(path)).rejects.toThrow(/EEXIST/);
  });

  it('cut at any byte gives the rows of its whole batches and no others, and says that it was cut', async () => {
    const batches = [0, 1].map((batch) =>
      Array.from({ length: 7 }, (_, index) =>
        sampleOf(batch * 7 + index, { caller: `app-${batch}`, errorCode: `E${batch}` }),
      ),
    );
    const bytes = await readFile(await written(batches));
    const all = batches.flat();
    const seen = new Set<number>();
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = Buffer.from(bytes.subarray(0, length));
      const table = decodeSamples(cut);
      expect(table.complete).toBe(false);
      expect(table.length % 7).toBe(0);
      if (!seen.has(table.length)) expect(rowsOf(cut)).toEqual(all.slice(0, table.length));
      seen.add(table.length);
      expect(table.ignoredBytes).toBeLessThanOrEqual(length);
    }
    expect([...seen]).toEqual([0, 7, 14]);
    expect(decodeSamples(bytes)).toMatchObject({ length: 14, complete: true });
  });

  it('with bytes behind its end is not complete', async () => {
    const bytes = await readFile(await written([[sampleOf(0)]]));
    const longer = Buffer.concat([bytes, Buffer.from('more')]);
    expect(decodeSamples(longer)).toMatchObject({ length: 1, complete: false, ignoredBytes: 4 });
  });

  it('with any bit flipped gives the rows before the damage and no others, and is not complete', async () => {
    const batches = [[sampleOf(0), sampleOf(1)], [sampleOf(2)]];
    const bytes = await readFile(await written(batches));
    const flip = (at: number, bit: number): void => {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    };
    for (let at = 0; at < bytes.length; at += 1) {
      const bit = at % 8;
      flip(at, bit);
      const table = decodeSamples(bytes);
      expect(table.complete, `byte ${at}`).toBe(false);
      if (at % 40 === 0) expect(rowsOf(bytes)).toEqual(batches.flat().slice(0, table.length));
      flip(at, bit);
    }
    expect(decodeSamples(bytes).complete).toBe(true);
  });

  it('that is an Arrow file of something else is refused by name', async () => {
    const path = freshPath();
    const writer = await openServiceWriter(path);
    await writer.close();
    expect(() => readSamples(path)).toThrow(/lacks the columns planned_us, /);
  });
});

describe('a file of the service', () => {
  it('gives back every record, times before the start of load included', async () => {
    const record: ServiceRecord = {
      receivedUs: -1_500_000,
      endedUs: -1_499_000,
      region: 'eu-west-1',
      host: 'sts.amazonaws.com',
      operation: 'AssumeRole',
      status: 403,
      errorCode: 'RegionDisabledException',
      accessKeyId: 'AKIAEXAMPLE',
      account: '111122223333',
      caller: '',
      requestId: 'b1',
    };
    const path = freshPath();
    const writer = await openServiceWriter(path);
    writer.write(record);
    writer.write({ ...record, caller: 'app-1', receivedUs: 5 });
    await writer.close();
    const table = decodeServiceRecords(await readFile(path));
    expect([table.row(0), table.row(1)]).toEqual([record, { ...record, caller: 'app-1', receivedUs: 5 }]);
  });
});

const run = promisify(execFile);
const PYTHON = process.env['REGIONFALL_PYTHON'] ?? 'python3';
const REQUIRED = (process.env['REGIONFALL_REQUIRE'] ?? '').split(',');

async function pythonHas(module: string): Promise<boolean> {
  return run(PYTHON, ['-c', `import ${module}`]).then(
    () => true,
    () => false,
  );
}

const READ_WITH_PYARROW = `
import json, sys, pyarrow as pa
table = pa.ipc.open_stream(sys.argv[1]).read_all()
types = {field.name: str(field.type.value_type if pa.types.is_dictionary(field.type) else field.type) for field in table.schema}
kinds = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
print(json.dumps({"types": types, "dictionaries": kinds, "rows": table.to_pylist()}))
`;

const READ_WITH_DUCKDB = `
import json, sys, duckdb, pyarrow as pa
samples = pa.ipc.open_stream(sys.argv[1]).read_all()
print(json.dumps(duckdb.sql("select caller, count(*), max(ended_us) from samples group by caller order by caller").fetchall()))
`;

describe('other programs', async () => {
  const batches = [
    [sampleOf(0), sampleOf(1)],
    [sampleOf(2, { caller: 'later-1' }), sampleOf(3, { requestId: 'ünïcode' })],
  ];

  it.skipIf(!REQUIRED.includes('pyarrow') && !(await pythonHas('pyarrow')))(
    'read the columns of the contract with pyarrow',
    async () => {
      const { stdout } = await run(PYTHON, ['-c', READ_WITH_PYARROW, await written(batches)]);
      const { types, dictionaries, rows } = JSON.parse(stdout);
      expect(types).toEqual({
        planned_us: 'int64',
        started_us: 'int64',
        ended_us: 'int64',
        caller: 'string',
        location: 'string',
        endpoint: 'string',
        serving_region: 'string',
        operation: 'string',
        arrival: 'uint32',
        attempt: 'uint8',
        outcome: 'string',
        status: 'uint16',
        error_code: 'string',
        reused: 'bool',
        connect_us: 'int32',
        tls_us: 'int32',
        wait_us: 'int32',
        request_id: 'string',
      });
      expect(dictionaries).toEqual([
        'caller',
        'location',
        'endpoint',
        'serving_region',
        'operation',
        'outcome',
        'error_code',
      ]);
      expect(rows.map((row: { caller: string }) => row.caller)).toEqual([
        'app-0',
        'app-1',
        'later-1',
        'app-3',
      ]);
      expect(rows[3]).toMatchObject({
        planned_us: 2_997,
        request_id: 'ünïcode',
        outcome: 'dropped',
        tls_us: 3,
      });
    },
  );

  it.skipIf(!REQUIRED.includes('duckdb') && !(await pythonHas('duckdb, pyarrow')))(
    'query the file with DuckDB',
    async () => {
      const { stdout } = await run(PYTHON, ['-c', READ_WITH_DUCKDB, await written(batches)]);
      expect(JSON.parse(stdout)).toEqual([
        ['app-0', 1, 420],
        ['app-1', 1, 1_420],
        ['app-3', 1, 3_420],
        ['later-1', 1, 2_420],
      ]);
    },
  );
});
