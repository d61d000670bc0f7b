import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import type { WorkflowName } from './rows.ts';
import { titleOf } from './rows.ts';
import { runRow } from './run-row.ts';
import { rowsInProcess } from './table.ts';

/** A bench for the tests of a file; a new one after a test that failed, since nobody knows what it left. */
export const benchOfFile = (): (() => Bench) => {
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
  return () => bench;
};

/** Every row of a workflow that does not end the host. */
export const testRows = (workflow: WorkflowName): void => {
  const bench = benchOfFile();
  describe(workflow, () => {
    it.each(rowsInProcess(workflow).map((row) => ({ title: titleOf(row), row })))('$title', async ({ row }) => {
      await runRow(bench(), row);
    });
  });
};
