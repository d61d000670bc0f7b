import { eachAtOnce } from '../../core/each-at-once.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { readInstallation } from '../../core/identity/installation.ts';
import { finishTasks } from '../../core/operation/finish-tasks.ts';
import { frozenAmong } from '../../core/operation/frozen.ts';
import { takeOverWrite } from '../../core/operation/progress.ts';
import { epochOf, reconcile, repairName, startableAt, type Verdict } from '../../core/operation/reconcile.ts';
import type { Operation } from '../../core/operation/schema.ts';
import { findOperation, openPk } from '../../core/operation/store.ts';
import type { ExecutionState } from '../../core/ports.ts';
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

/** Nothing is repaired while what it needs is frozen; what waited for that is due as soon as it is not. */
const verdictOn = async (ports: EventPorts, operation: Operation, execution: ExecutionState): Promise<Verdict> => {
  if (operation.state !== 'needs-repair' || execution === 'running') return reconcile(operation, execution, ports.clock.now());
  const frozen = await frozenAmong(ports.rows, operation.heldBy ?? []);
  if (frozen.length > 0) return 'leave';
  return operation.heldBy ? 'repair' : reconcile(operation, execution, ports.clock.now());
};

/**
 * The last word on one operation. Done twice at once it does the same as once. Answers when it is to be looked at again, in epoch
 * milliseconds, if it may be started before the next tick.
 */
export const reconcileOperation = async (ports: EventPorts, operationId: string): Promise<number | undefined> => {
  const operation = await findOperation(ports.rows, operationId);
  if (operation?.state === 'committed') await finishTasks(ports, operation);
  if (!operation?.openPk) return undefined;
  const installation = await readInstallation(ports.rows);
  if (installation && installation.epoch !== epochOf(operation)) return undefined;
  const execution = await ports.workflows.state(operation.workflow, operation.owner);
  const verdict = await verdictOn(ports, operation, execution);
  if (verdict === 'leave') return startableAt(operation, execution);
  ports.log.warn('an operation is taken up again', {
    operationId,
    workflow: operation.workflow,
    state: operation.state,
    execution,
    verdict,
  });
  await (verdict === 'start' ? begin(ports, operation) : repair(ports, operation));
  return undefined;
};

const reconcileSafely = async (ports: EventPorts, operationId: string): Promise<number | undefined> => {
  try {
    return await reconcileOperation(ports, operationId);
  } catch (error) {
    if (!(error instanceof ControlPlaneError && error.code === 'resource.changed'))
      ports.log.error('an operation could not be reconciled; it is tried again at the next tick', { operationId, error });
    return undefined;
  }
};

/** An operation that nobody has started yet, and may soon be. */
interface Unstarted {
  readonly operationId: string;
  /** Epoch milliseconds. */
  readonly startableAt: number;
}

/** Waits until each may be started, half a minute at most, and starts those that nobody has started meanwhile. */
export const startLate = async (ports: EventPorts, unstarted: readonly Unstarted[]): Promise<void> => {
  for (const { operationId, startableAt: at } of unstarted) {
    const waitMs = at - ports.clock.now();
    if (waitMs > 0) await ports.sleep(waitMs);
    await reconcileSafely(ports, operationId);
  }
};

/** Every open operation, the oldest first, some at a time, so that thousands leave the tick room for the rest. Answers those that are to be looked at once more before the next tick. */
export const reconcileAll = async (ports: EventPorts): Promise<readonly Unstarted[]> => {
  const unstarted: Unstarted[] = [];
  let cursor: string | undefined;
  do {
    const page = await ports.rows.query({ table: 'Tasks', index: 'Open', pk: openPk, limit: pageSize, ...(cursor ? { cursor } : {}) });
    const looked = await eachAtOnce(page.rows, async ({ pk }) => {
      const operationId = pk.slice('OPERATION#'.length);
      return { operationId, startableAt: await reconcileSafely(ports, operationId) };
    });
    unstarted.push(...looked.filter((one): one is Unstarted => one.startableAt !== undefined));
    cursor = page.cursor;
  } while (cursor);
  return unstarted;
};
