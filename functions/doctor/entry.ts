import { parseArgs } from 'node:util';
import { driverOf } from '../../drivers/registry.ts';
import { awsBase, awsDrivers, awsWholeTable, awsWorkflows } from '../../platform/aws/index.ts';
import { exitCodeOf } from './exit-code.ts';
import { reportText } from './report-text.ts';
import { visit } from './visit.ts';

/** A tool that an operator runs with rights of their own; no function of the deployment. What it cannot find out ends it with 2. */

const flag = { type: 'boolean', default: false } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { repair: flag, json: flag, 'without-arrays': flag } });
  const report = await visit(
    { ...awsBase('doctor'), wholeTable: awsWholeTable, workflows: awsWorkflows(), drivers: awsDrivers(), declarationOf: driverOf },
    { repair: values.repair, arrays: !values['without-arrays'] },
  );
  process.stdout.write(`${values.json ? JSON.stringify(report) : reportText(report)}\n`);
  process.exitCode = exitCodeOf(report);
}

main().catch((error: unknown) => {
  process.stderr.write(`The doctor could not look: ${error}\n`);
  process.exitCode = 2;
});
