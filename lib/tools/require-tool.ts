/** For whoever cannot go on without a part: its path, or the error that says how to get it. */

import { EnvironmentError } from '../errors/regionfall-error.ts';
import { type FindToolOptions, type FoundTool, findTool } from './find-tool.ts';
import type { ToolName } from './tools.ts';

/** @throws EnvironmentError `RF-TOOL-MISSING` with the line that gets the tool. */
export async function requireTool(name: ToolName, options: FindToolOptions = {}): Promise<FoundTool> {
  const finding = await findTool(name, options);
  if (finding.found) return finding;
  throw new EnvironmentError(finding.missing, { code: 'RF-TOOL-MISSING', hint: finding.hint });
}
