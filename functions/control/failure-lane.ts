import { needsRepairWrites, rememberWrite, undoingWrite } from '../../core/operation/progress.ts';
import { nextRepairAt } from '../../core/operation/reconcile.ts';
import type { ArrayCall, StepAnswers } from '../../core/operation/steps.ts';
import type { StepInput } from '../../statemachines/dsl/define.ts';
import { callArrays, getProvider } from './call-arrays.ts';
import { ControlError, caughtByMachine } from './control-error.ts';
import type { Defined } from './forward.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { endOperation, settlingOf } from './settle-operation.ts';

interface Context {
  readonly loaded: Loaded;
  readonly input: StepInput;
}

/** Whatever the operation was to do; nothing when this release cannot read the plan, which then needs repair. */
const callsOf = <Plan>({ steps }: Defined<Plan>, loaded: Loaded): ArrayCall[] => {
  const { success, data: plan } = steps.plan.safeParse(loaded.plan);
  if (!success) return [];
  return Object.values(steps.steps).flatMap((step) => [...step.run(plan, loaded.learned)]);
};

/** How late a request that was sent may still take effect: the longest that the drivers of this operation declare. */
const graceSeconds = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, loaded: Loaded): Promise<number> => {
  const providerIds = [...new Set(callsOf(defined, loaded).map((call) => call.providerId))];
  const providers = await Promise.all(providerIds.map((id) => getProvider(ports, id)));
  return Math.max(1, ...providers.map((provider) => ports.declarationOf(provider.driverType).graceSeconds));
};

/** Fences the way forward and writes the reason, before anything is taken back. */
export const recordFailure = async <Plan>(
  ports: ControlPorts,
  defined: Defined<Plan>,
  { loaded, input }: Context,
): Promise<{ graceSeconds: number }> => {
  const { operation } = loaded;
  if (operation.state === 'committed') throw new ControlError('AlreadyCommitted', 'the operation has committed');
  if (operation.state === 'rolled-back') throw new ControlError('FenceLost', 'the operation was rolled back');
  const failure = caughtByMachine(input.failure);
  if (operation.state !== 'undoing') {
    ports.log.warn('an operation failed and is taken back', {
      operationId: operation.id,
      workflow: operation.workflow,
      code: failure.code,
      reason: failure.message,
    });
    await ports.rows.transact([undoingWrite(operation, failure)]);
  }
  return { graceSeconds: await graceSeconds(ports, defined, loaded) };
};

const mustUndo = ({ operation }: Loaded): void => {
  if (operation.state !== 'undoing') throw new ControlError('FenceLost', `the operation is ${operation.state}`);
};

/** A foreign object under the planned name was not made here: there is nothing to take back. */
const leftBehind = (answers: StepAnswers): StepAnswers =>
  answers.filter((item) => item.status === 'rejected' && item.error?.code !== 'object.foreign');

export const undoStep = async <Plan>(ports: ControlPorts, { steps }: Defined<Plan>, { loaded, input }: Context): Promise<void> => {
  mustUndo(loaded);
  const undo = steps.steps[input.step ?? '']?.undo;
  if (!undo) throw new ControlError('Refused', `the step ${input.step} has no undo`);
  const answers = await callArrays(ports, undo(planOf(steps, loaded), loaded.learned), { operation: loaded.operation, some: 'report' });
  const left = leftBehind(answers);
  if (left.length > 0)
    throw new ControlError(
      'UndoIncomplete',
      left
        .map((item) => item.error?.message ?? item.ref)
        .join('; ')
        .slice(0, 500),
    );
};

/** What the array says now, kept for the record. */
export const look = async <Plan>(ports: ControlPorts, { steps }: Defined<Plan>, { loaded }: Context): Promise<void> => {
  mustUndo(loaded);
  if (!steps.look) throw new ControlError('Refused', `the workflow ${loaded.operation.workflow} does not look`);
  const answers = await callArrays(ports, steps.look(planOf(steps, loaded)), { operation: loaded.operation, some: 'all-or-nothing' });
  const kept = answers.map(({ ref, status, nativeId, observed }) => ({
    ref,
    status,
    ...(nativeId ? { nativeId } : {}),
    observed: observed ?? null,
  }));
  await ports.rows.transact([rememberWrite(loaded.operation, 'Look', JSON.parse(JSON.stringify(kept)))]);
};

const lookedAt = (learned: Loaded['learned']): StepAnswers => {
  const kept = learned['Look'];
  if (!Array.isArray(kept)) return [];
  return kept.map((item) => (item.observed === null ? { ...item, observed: undefined } : item));
};

export const rollBack = async <Plan>(ports: ControlPorts, { steps }: Defined<Plan>, { loaded }: Context): Promise<void> => {
  if (loaded.operation.state === 'rolled-back') return;
  mustUndo(loaded);
  const settling = await settlingOf(ports, steps, { ...loaded, answers: lookedAt(loaded.learned) });
  await endOperation(ports, loaded.operation, { state: 'rolled-back', settlement: steps.rollBack(settling) });
};

/** Items that the operation was to change, as far as they are known. */
const believedLeft = <Plan>(defined: Defined<Plan>, loaded: Loaded): string[] =>
  callsOf(defined, loaded)
    .map((call) => `${call.verb} at ${call.providerId}`)
    .slice(0, 12);

export const markNeedsRepair = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, { loaded, input }: Context): Promise<void> => {
  if (loaded.operation.state === 'needs-repair') return;
  mustUndo(loaded);
  const { message } = caughtByMachine(input.failure);
  const now = ports.clock.now();
  const note = {
    at: new Date(now).toISOString(),
    nextTryAt: nextRepairAt(loaded.operation.repairs + 1, now),
    believedLeft: believedLeft(defined, loaded),
    details: `${loaded.operation.failure?.message ?? 'the operation failed'}; taking it back did not succeed: ${message}`.slice(0, 800),
  };
  ports.count('NeedsRepair');
  ports.log.error('an operation needs repair', { operationId: loaded.operation.id, details: note.details });
  await ports.rows.transact(needsRepairWrites(loaded.operation, note));
};
