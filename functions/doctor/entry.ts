import { parseArgs } from 'node:util';
import { driverOf } from '../../drivers/registry.ts';
import { awsBase, awsDrivers, awsWholeTable, awsWorkflows } from '../../platform/aws/index.ts';
import { reportText } from './report-text.ts';
import { visit } from './visit.ts';

/** A tool that an operator runs with rights of their own; no function of the deployment. Ends with 0 when nothing is left to do, else 1. */

const flag = { type: 'boolean', default: false } as const;

const { values } = parseArgs({ options: { repair: flag, json: flag, 'without-arrays': flag } });

const report = await visit(
  { ...awsBase('doctor'), wholeTable: awsWholeTable, workflows: awsWorkflows(), drivers: awsDrivers(), declarationOf: driverOf },
  { repair: values.repair, arrays: !values['without-arrays'] },
);
process.stdout.write(`${values.json ? JSON.stringify(report) : reportText(report)}\n`);
const isClean = report.unasked.length === 0 && report.findings.every(({ outcome }) => outcome === 'repaired');
process.exitCode = isClean ? 0 : 1;
