import { capabilityNames } from '../capabilities.ts';
import type { DriverDeclaration } from '../driver.ts';
import type { CaseResult } from './run.ts';

const marks: { readonly [S in CaseResult['status']]: string } = { passed: 'ok  ', failed: 'FAIL', notApplicable: '-   ' };

const indented = (text: string): string => text.replaceAll(/^/gm, '         ');

/** One line for a case; what was found stands below it. */
export const formatResult = ({ status, capability, name, needs, problem }: CaseResult): string => {
  const why = needs.length === 0 ? '' : ` (not tried: ${needs.join(', ')})`;
  return [`${marks[status]} ${capability}: ${name}${why}`, ...(problem === undefined ? [] : [indented(problem)])].join('\n');
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

/** A table by capability, what is not declared, and the verdict. */
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
    '',
    `not declared: ${missing.length === 0 ? 'nothing' : missing.join(', ')}`,
    `${declaration.displayName} ${verdict(results)}`,
  ].join('\n');
};
