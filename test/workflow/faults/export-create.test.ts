import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { runRow } from './run-row.ts';
import { rowsInProcess, titleOf } from './table.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterEach(async ({ task }) => {
  bench.clearFaults();
  if (task.result?.state !== 'fail') return;
  await bench.close();
  bench = await startBench();
});
afterAll(() => bench.close());

describe('export-create', () => {
  it.each(rowsInProcess('export-create').map((row) => ({ title: titleOf(row), row })))('$title', async ({ row }) => {
    await runRow(bench, row);
  });
});
