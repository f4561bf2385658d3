/**
 * The GitHub workflow that `init` writes. Its token may read the repository and nothing else, so whatever it shows goes
 * into the summary of its own run, for which no further right is needed. Nobody's action but GitHub's own takes part.
 */

import type { PackageCommands } from './package-commands.ts';

/** Has Corepack, which later lines lack, and runs every version of Regionfall so far. */
const NODE = 24;

export function workflowText({
  install,
  regionfall,
}: Pick<PackageCommands, 'install' | 'regionfall'>): string {
  return `# Rehearses the loss of AWS STS in a Region, without touching AWS. Written by \`regionfall init\`; it is yours.
name: regionfall

on:
  pull_request:
  push:
    branches: [main, master]
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: regionfall-\${{ github.ref }}
  cancel-in-progress: true

jobs:
  regionfall:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/setup-node@v4
        with:
          node-version: ${NODE}
${install.map((line) => `      - run: ${line}\n`).join('')}
      # Exit code 1 is a broken expectation, 5 a run that cannot tell, such as on a machine that was too busy.
      - name: Run every scenario in regionfall/
        run: ${regionfall} run ./regionfall --progress plain

      - name: Show the reports in the summary
        if: \${{ !cancelled() }}
        run: |
          for run in runs/*/; do
            [ -d "$run" ] || continue
            ${regionfall} report "$run" --format md,junit
            cat "$run/report.md" >> "$GITHUB_STEP_SUMMARY"
          done

      - name: Keep the run folders, with report.html
        if: \${{ !cancelled() }}
        uses: actions/upload-artifact@v4
        with:
          name: regionfall-runs
          path: runs/
          if-no-files-found: ignore
`;
}
