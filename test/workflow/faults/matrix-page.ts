import { faults } from './faults.ts';
import { type End, endTexts, type Row, stepTextOf } from './rows.ts';
import { rowsOf, workflows } from './table.ts';

const words: Record<End, string> = {
  ready: 'done',
  error: 'undone',
  repaired: 'repair, undone',
  settled: 'repair, done',
  followed: 'repair, found',
  partly: 'found',
  kept: 'kept',
};

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Faults by steps; empty where there is no such case. */
const matrixOf = (rows: readonly Row[]): string[] => {
  const steps = [...new Set(rows.map(stepTextOf))];
  const known = new Set(rows.map(({ fault }) => faults[fault].name));
  const names = Object.values(faults).flatMap(({ name }) => (known.has(name) ? [name] : []));
  const wordAt = (name: string, step: string): string => {
    const row = rows.find((each) => faults[each.fault].name === name && stepTextOf(each) === step);
    return row === undefined ? '' : words[row.end];
  };
  return [
    line(['fault', ...steps]),
    line(['---', ...steps.map(() => '---')]),
    ...names.map((name) => line([name, ...steps.map((step) => wordAt(name, step))])),
  ];
};

const sections = workflows.map((workflow) => {
  const rows = rowsOf(workflow);
  return [`## ${workflow}: ${rows.length} cases`, '', ...matrixOf(rows), ''].join('\n');
});

const total = workflows.reduce((sum, workflow) => sum + rowsOf(workflow).length, 0);

const legend = Object.entries(words).map(([end, word]) => `- **${word}**: ${endTexts[end as End]}.`);

const intro = `# Faults that are tested

${total} cases. Each one orders on an array that others use too, lets the fault strike the step, lets time pass, and then holds store
and array against each other: the end is the one below, no operation is open, no lock, slot or capacity is left, the pools' counters are the sum
of our volumes, what is foreign has not changed by a byte, and after a failure the resources are as they were and the same request succeeds.
The steps are the state machine's. Those behind \`RecordFailure\` are reached by an order that is cancelled while the gateway holds a call of
it; a start that is lost there is that of the repair. The tests are in \`test/workflow/faults\`;
\`UPDATE_MATRIX=1 npx vitest run --project workflow test/workflow/faults/matrix.test.ts\` writes this page.

${legend.join('\n')}

Creations and exports are all or nothing. Removals are one by one and never taken back: what an update of an export group was to add is taken
back as long as it is not all there or the order was cancelled; once it is all there it stays, for hosts may use it, and what could not be
removed is an error that says so.

A removal of orphans is ordered by a discovery and started by the reconciler; the request that succeeds after a failure is the next discovery.
Beside its orphan there are some that must stay: one is mapped, one has a snapshot, one was resized, and one has a name of ours that nothing planned.
What is done to an orphan after its removal was ordered is in \`orphan-kept.test.ts\`. Faults that only last longer are left to the other workflows.
`;

/** The page that shows what is tested. */
export const page = [intro, ...sections].join('\n');

/** How many cases there are, in a line. */
export const counts = `${workflows.map((workflow) => `${workflow} ${rowsOf(workflow).length}`).join(', ')}; in all ${total}`;
