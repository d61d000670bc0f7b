import { type Effect, lockKey } from './apply-write.ts';
import type { Engine } from './engine.ts';
import type { BatchOperation } from './model.ts';

const isLocalIndex = (operation: BatchOperation) => operation.key.startsWith('index-local~');

function itemOperation(effect: Effect): BatchOperation {
  const key = lockKey(effect.write);
  return effect.after === undefined ? { type: 'del', key } : { type: 'put', key, value: effect.after };
}

/** Stores items, index rows and what belongs to them in one batch, so that a crash leaves all or nothing. */
export async function commit(engine: Engine, effects: readonly Effect[], more: readonly BatchOperation[] = []): Promise<void> {
  const operations: BatchOperation[] = [...more];
  const globalIndexes: BatchOperation[] = [];
  for (const effect of effects) {
    if (effect.write.operation === 'ConditionCheck') continue;
    const { table, itemKey } = effect.write;
    operations.push(itemOperation(effect));
    operations.push(...engine.timeToLive.operations({ table: table.TableName, itemKey, before: effect.before, after: effect.after }));
    for (const change of effect.indexOperations) (isLocalIndex(change) ? operations : globalIndexes).push(change);
  }
  const indexes = engine.lag.plan(globalIndexes);
  await engine.store.level.batch([...operations, ...indexes.operations]);
  await indexes.stored();
}
