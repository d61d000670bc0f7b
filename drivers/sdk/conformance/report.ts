import { capabilityNames } from '../capabilities.ts';
import type { DriverDeclaration } from '../driver.ts';
import type { CaseResult } from './run.ts';
import type { WireTarget } from './wire-target.ts';

const marks: { readonly [S in CaseResult['status']]: string } = { passed: 'ok  ', failed: 'FAIL', notApplicable: '-   ' };

const indented = (text: string): string => text.replaceAll(/^/gm, '         ');

/** One line for a case; what was found stands below it. */
export const formatResult = ({ status, capability, name, needs, problem }: CaseResult): string => {
  const why = needs.length === 0 ? '' : ` (not tried: ${needs.join(', ')})`;
  return [`${marks[status]} ${capability}: ${name}${why}`, ...(problem === undefined ? [] : [indented(problem)])].join('\n');
};

/** What is tried on what, and as whom. */
export const formatTarget = ({ declaration, answered }: WireTarget): string => {
  const role = answered.account === undefined ? '' : `, as ${answered.account.role}`;
  const warnings = answered.warnings.map((warning) => `  warning: ${warning}`);
  return [`${declaration.displayName}, array ${answered.arrayId}, version ${answered.version}${role}`, ...warnings].join('\n');
};

const counted = (results: readonly CaseResult[], status: CaseResult['status']): string =>
  String(results.filter((result) => result.status === status).length);

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(20) : cell.padStart(10)))
    .join('')
    .trimEnd();

const rowOf = (title: string, results: readonly CaseResult[]): string =>
  row([title, counted(results, 'passed'), counted(results, 'failed'), counted(results, 'notApplicable')]);

const verdict = (results: readonly CaseResult[]): string => {
  const failed = results.filter(({ status }) => status === 'failed').length;
  if (failed > 0) return `does not conform: ${failed} of ${results.length} cases failed`;
  return counted(results, 'notApplicable') === '0' ? 'conforms' : 'conforms, as far as it could be tried here';
};

/** What would have to be offered, and how many cases wait for it. */
const lackLines = (results: readonly CaseResult[]): readonly string[] => {
  const needs = results.flatMap((result) => result.needs);
  const counts = [...new Set(needs)].map((need) => `  ${need} (${needs.filter((other) => other === need).length})`);
  return counts.length === 0 ? [] : ['', 'not tried for want of:', ...counts];
};

/** A table by capability, what was missing, what is not declared, and the verdict. */
export const formatSummary = (declaration: DriverDeclaration, results: readonly CaseResult[]): string => {
  const capabilities = [...new Set(results.map(({ capability }) => capability))];
  const missing = capabilityNames.filter((capability) => !declaration.capabilities.includes(capability));
  return [
    row(['capability', 'passed', 'failed', 'not tried']),
    ...capabilities.map((wanted) =>
      rowOf(
        wanted,
        results.filter(({ capability }) => capability === wanted),
      ),
    ),
    rowOf('all', results),
    ...lackLines(results),
    '',
    `not declared: ${missing.length === 0 ? 'nothing' : missing.join(', ')}`,
    `${declaration.displayName} ${verdict(results)}`,
  ].join('\n');
};
