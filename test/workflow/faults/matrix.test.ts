import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { faults } from './faults.ts';
import { endTexts, type Row, rowsOf, workflows } from './table.ts';

const file = resolve(import.meta.dirname, '../../../docs/fault-matrix.md');

const lineOf = ({ step, fault, end }: Row): string => `| ${step} | ${faults[fault].name} | ${endTexts[end]} |`;

const sections = workflows.map((workflow) => {
  const rows = rowsOf(workflow);
  return [`## ${workflow}: ${rows.length}`, '', '| step | fault | end |', '|---|---|---|', ...rows.map(lineOf), ''].join('\n');
});

const total = workflows.reduce((sum, workflow) => sum + rowsOf(workflow).length, 0);

const intro = `# Faults that are tested

${total} cases. Each one orders on an array that others use too, lets the fault strike the step, lets time pass, and then holds store
and array against each other: the end is the one below, no operation is open, no lock, slot or capacity is left, the pools' counters are the sum
of our volumes, what is foreign has not changed by a byte, and after a failure the same request succeeds. The tests are in
\`test/workflow/faults\`; \`UPDATE_MATRIX=1 npx vitest run --project workflow test/workflow/faults/matrix.test.ts\` writes this page.
`;

const page = [intro, ...sections].join('\n');

it('docs/fault-matrix.md lists what is tested', () => {
  if (process.env['UPDATE_MATRIX'] === '1') writeFileSync(file, page);
  process.stdout.write(`faults: ${workflows.map((workflow) => `${workflow} ${rowsOf(workflow).length}`).join(', ')}; in all ${total}\n`);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
