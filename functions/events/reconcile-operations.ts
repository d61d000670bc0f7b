import { ControlPlaneError } from '../../core/errors.ts';
import { takeOverWrite } from '../../core/operation/progress.ts';
import { reconcile, repairName } from '../../core/operation/reconcile.ts';
import type { Operation } from '../../core/operation/schema.ts';
import { findOperation, openPk } from '../../core/operation/store.ts';
import type { EventPorts } from './ports.ts';

const pageSize = 100;

const begin = async (ports: EventPorts, operation: Operation): Promise<void> => {
  const repair = operation.owner === operation.id ? {} : { repair: true as const };
  await ports.workflows.start({
    workflow: operation.workflow,
    execution: operation.owner,
    input: { operationId: operation.id, ...repair },
  });
};

/** The new execution becomes the owner before it is started: whatever is left of the old one meets the fence. */
const repair = async (ports: EventPorts, operation: Operation): Promise<void> => {
  const owner = repairName(operation.id, operation.repairs + 1);
  await ports.rows.transact([takeOverWrite(operation, owner)]);
  await begin(ports, { ...operation, owner });
};

/** The last word on one operation. Done twice at once it does the same as once. */
export const reconcileOperation = async (ports: EventPorts, operationId: string): Promise<void> => {
  const operation = await findOperation(ports.rows, operationId);
  if (!operation?.openPk) return;
  const execution = await ports.workflows.state(operation.workflow, operation.owner);
  const verdict = reconcile(operation, execution, ports.clock.now());
  if (verdict === 'leave') return;
  ports.log.warn('an operation is taken up again', {
    operationId,
    workflow: operation.workflow,
    state: operation.state,
    execution,
    verdict,
  });
  await (verdict === 'start' ? begin(ports, operation) : repair(ports, operation));
};

const reconcileSafely = async (ports: EventPorts, operationId: string): Promise<void> => {
  try {
    await reconcileOperation(ports, operationId);
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return;
    ports.log.error('an operation could not be reconciled; it is tried again at the next tick', { operationId, error });
  }
};

/** Every open operation, the oldest first. */
export const reconcileAll = async (ports: EventPorts): Promise<void> => {
  let cursor: string | undefined;
  do {
    const page = await ports.rows.query({ table: 'Tasks', index: 'Open', pk: openPk, limit: pageSize, ...(cursor ? { cursor } : {}) });
    for (const row of page.rows) await reconcileSafely(ports, row.pk.slice('OPERATION#'.length));
    cursor = page.cursor;
  } while (cursor);
};
