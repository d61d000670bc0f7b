import { describe, expect, it } from 'vitest';
import { undoingWrite } from '../../../../core/operation/progress.ts';
import { findOperation } from '../../../../core/operation/store.ts';
import { controlWorld, operationId, ScriptedDrivers } from '../../../support/control.ts';

describe('an operation that is taken back', () => {
  it('keeps the first reason, whatever fails on the way back', async () => {
    const { rows } = await controlWorld(new ScriptedDrivers());
    for (const code of ['pool.full', 'array.unreachable']) {
      const operation = await findOperation(rows, operationId);
      if (!operation) throw new Error('there is no operation');
      await rows.transact([undoingWrite(operation, { code, message: `it is ${code}` })]);
    }
    expect(await findOperation(rows, operationId)).toMatchObject({
      state: 'undoing',
      failure: { code: 'pool.full', message: 'it is pool.full' },
    });
  });
});
