/** `list`: what there is to run, to take away and to break. */

import { z } from 'zod';
import { PARTITIONS } from '../../aws/partitions.ts';
import { REGIONS } from '../../aws/regions.ts';
import { FAULT_KINDS } from '../../chaos/fault-kinds.ts';
import { loadScenario, SCENARIOS_FOLDER, scenarioFiles } from '../../scenario/load-scenario.ts';
import { EXIT } from '../exit-codes.ts';
import type { ListName } from '../option-values.ts';
import type { Terminal } from '../terminal.ts';

export async function listCommand(what: ListName, json: boolean, terminal: Terminal): Promise<number> {
  const rows = await rowsOf(what);
  if (json) {
    terminal.result(JSON.stringify(rows));
    return EXIT.pass;
  }
  const width = Math.max(0, ...rows.map((row) => row.name.length));
  for (const { name, description } of rows) {
    terminal.result(`${terminal.paint('bold', name.padEnd(width), 'out')}  ${description}`);
  }
  return EXIT.pass;
}

interface Row {
  readonly name: string;
  readonly description: string;
}

async function rowsOf(list: ListName): Promise<readonly Row[]> {
  switch (list) {
    case 'scenarios':
      return (await Promise.all(scenarioFiles(SCENARIOS_FOLDER).map(loadScenario))).map(({ scenario }) => ({
        name: scenario.name,
        description: scenario.question,
      }));
    case 'regions':
      return PARTITIONS.flatMap((partition) =>
        REGIONS.filter((region) => region.partition === partition.name).map((region) => ({
          name: region.id,
          description: `${region.name} (${partition.name}${region.enabledBy === 'opt-in' ? ', opt-in' : ''})`,
        })),
      );
    case 'faults':
      return Object.values(FAULT_KINDS).map((kind) => ({
        name: kind.kind,
        description: `${kind.schema.description ?? ''} Fields: ${fieldsOf(kind.schema).join(', ')}.`.trim(),
      }));
    default:
      return list satisfies never;
  }
}

/** Names of what a fault of this kind may say, apart from its kind. */
function fieldsOf(schema: z.ZodType): readonly string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.keys(properties).filter((field) => field !== 'kind');
}
