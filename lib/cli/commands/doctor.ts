/** `doctor`: what of the outside parts is here, what each is for, and the line that gets the rest. Installs nothing. */

import { availableParallelism, totalmem } from 'node:os';
import { describeLever, type LeverState, leverPath, readLever } from '../../run/lever.ts';
import { findTool, type ToolFinding } from '../../tools/find-tool.ts';
import { TOOLS, type Tool, type ToolName } from '../../tools/tools.ts';
import { VERSION } from '../../version.ts';
import { EXIT } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';

/** Returns 0 whatever is missing: the main job needs none of it, and what needs a part says so when asked. */
export async function doctorCommand(json: boolean, terminal: Terminal): Promise<number> {
  const names = Object.keys(TOOLS) as ToolName[];
  const findings = await Promise.all(names.map((name) => findTool(name, { env: terminal.env })));
  const lever = readLever(leverPath(terminal.env));
  if (json) terminal.result(JSON.stringify(reportOf(findings, lever)));
  else {
    for (const line of findings.flatMap((finding) => describe(finding, TOOLS[finding.name], terminal)))
      terminal.result(line);
    if (lever !== undefined) {
      const mark = terminal.paint('yellow', '■', 'out');
      terminal.result(`${mark} ${describeLever(lever)}; \`regionfall resume\` lifts it`);
    }
  }
  return EXIT.pass;
}

function reportOf(findings: readonly ToolFinding[], lever: LeverState | undefined): unknown {
  return {
    schema: 1,
    regionfall: VERSION,
    node: process.version,
    machine: {
      platform: `${process.platform}-${process.arch}`,
      cpus: availableParallelism(),
      memoryMb: Math.round(totalmem() / 2 ** 20),
    },
    halted: lever === undefined ? null : { path: lever.path, ...lever.pulled, trouble: lever.trouble },
    parts: findings.map((finding) => {
      const { purpose, needed } = TOOLS[finding.name];
      const common = { name: finding.name, purpose, needed, found: finding.found };
      return finding.found
        ? { ...common, version: finding.version, path: finding.path }
        : { ...common, problem: finding.missing, get: finding.hint };
    }),
  };
}

const NAME_WIDTH = Math.max(...Object.keys(TOOLS).map((name) => name.length));

function describe(finding: ToolFinding, tool: Tool, terminal: Terminal): readonly string[] {
  const name = finding.name.padEnd(NAME_WIDTH);
  if (finding.found) {
    const mark = terminal.paint('green', '✓', 'out');
    return [`${mark} ${name}  ${finding.version} (${tool.needed})  ${finding.path}`];
  }
  return [
    `${terminal.paint('yellow', '–', 'out')} ${name}  ${finding.missing}`,
    `  ${' '.repeat(NAME_WIDTH)}  for ${tool.purpose}; needed is ${tool.needed}`,
    `  ${' '.repeat(NAME_WIDTH)}  get it: ${finding.hint}`,
  ];
}
