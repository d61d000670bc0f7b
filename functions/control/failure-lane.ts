import { endOperation } from '../../core/operation/end.ts';
import { finishTasks } from '../../core/operation/finish-tasks.ts';
import { frozenAmong } from '../../core/operation/frozen.ts';
import { needsRepairWrites, rememberWrites, undoingWrite } from '../../core/operation/progress.ts';
import { nextRepairAt } from '../../core/operation/reconcile.ts';
import type { Operation } from '../../core/operation/schema.ts';
import { settlingAnew } from '../../core/operation/settle-anew.ts';
import type { ArrayCall, ResolveSteps, StepAnswers } from '../../core/operation/steps.ts';
import { bindTakingBack, takeBack } from '../../core/operation/take-back.ts';
import type { StepInput } from '../../statemachines/dsl/define.ts';
import { believedLeft, rememberLeft } from './believed-left.ts';
import { callArrays, getProvider } from './call-arrays.ts';
import { ControlError, caughtByMachine } from './control-error.ts';
import type { Defined } from './forward.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { answersKept, goOnCommitting, keptAnswers, settlingOf, workflowAuthor } from './settle-operation.ts';

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

const providerIdsOf = <Plan>(defined: Defined<Plan>, loaded: Loaded): string[] => [
  ...new Set(callsOf(defined, loaded).map((call) => call.providerId)),
];

/** How late a request that was sent may still take effect: the longest that the drivers of this operation declare. */
const graceSeconds = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, loaded: Loaded): Promise<number> => {
  const providers = await Promise.all(providerIdsOf(defined, loaded).map((id) => getProvider(ports, id)));
  return Math.max(1, ...providers.map((provider) => ports.declarationOf(provider.driverType).graceSeconds));
};

/** What is decided is only written to its end; what was never accepted is taken back. Neither comes near an array, nor goes on in the lane. */
const finishDecided = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, loaded: Loaded): Promise<void> => {
  const { operation } = loaded;
  if (operation.state === 'committing') await goOnCommitting(ports, defined.steps, loaded);
  if (operation.state === 'committed') await finishTasks(ports, operation);
  if (operation.state === 'committing' || operation.state === 'committed')
    throw new ControlError('AlreadyCommitted', 'the operation has committed');
  if (operation.state === 'accepting') {
    await takeBackOrder(ports, defined, loaded);
    throw new ControlError('AlreadyCommitted', 'the operation was not accepted, and is taken back');
  }
  if (operation.state === 'rolling-back') {
    await rollBack(ports, defined, { loaded });
    throw new ControlError('FenceLost', 'the operation was rolled back');
  }
};

const takeBackOrder = async <Plan>(ports: ControlPorts, { steps }: Defined<Plan>, loaded: Loaded): Promise<void> => {
  const { operation } = loaded;
  if (!steps.takeBack) throw new ControlError('Refused', `orders of the workflow ${operation.workflow} cannot be taken back`);
  ports.log.warn('an order whose acceptance did not end is taken back', { operationId: operation.id, workflow: operation.workflow });
  const author = workflowAuthor(ports, operation);
  await takeBack(ports, { operation, author }, bindTakingBack(steps.takeBack, planOf(steps, loaded)));
};

/** Fences the way forward and writes the reason, before anything is taken back. */
export const recordFailure = async <Plan>(
  ports: ControlPorts,
  defined: Defined<Plan>,
  { loaded, input }: Context,
): Promise<{ graceSeconds: number }> => {
  await finishDecided(ports, defined, loaded);
  const { operation } = loaded;
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

const foreign = 'object.foreign';

/**
 * A foreign object under the planned name was not made here: there is nothing to take back. It must have stopped the way forward too;
 * what only the undo takes for foreign, such as by the clock of an array that is slow, may be what was made.
 */
const leftBehind = (answers: StepAnswers, failure: Operation['failure']): StepAnswers =>
  answers.filter((item) => item.status === 'rejected' && !(item.error?.code === foreign && failure?.code === foreign));

const refuseLeft = (answers: StepAnswers): void => {
  const left = answers.filter(({ status }) => status === 'rejected').map(({ ref, error }) => error?.message ?? ref);
  if (left.length > 0) throw new ControlError('UndoIncomplete', left.join('; ').slice(0, 500));
};

const resolveOf = <Plan>({ steps }: Defined<Plan>, { operation }: Loaded): ResolveSteps<Plan> => {
  if (!steps.resolve) throw new ControlError('Refused', `operations of the workflow ${operation.workflow} cannot be resolved`);
  return steps.resolve;
};

/** Decided so, nothing is taken back: the array is read, after the grace, and the record follows the decision. */
type Decided = Loaded & { readonly operation: { readonly resolution: 'accept' | 'release' } };

const leavesArray = (loaded: Loaded): loaded is Decided =>
  loaded.operation.resolution === 'accept' || loaded.operation.resolution === 'release';

/** What the array says now, kept for the record. */
const lookWith = async (ports: ControlPorts, loaded: Loaded, calls: readonly ArrayCall[]): Promise<void> => {
  const answers = await callArrays(ports, calls, { operation: loaded.operation, some: 'all-or-nothing' });
  const at = new Date(ports.clock.now()).toISOString();
  await ports.rows.transact(rememberWrites(loaded.operation, { step: 'Look', value: keptAnswers(answers), at }));
};

export const undoStep = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, { loaded, input }: Context): Promise<void> => {
  mustUndo(loaded);
  const { steps } = defined;
  if (leavesArray(loaded)) {
    if (input.patience === 'patient') await lookWith(ports, loaded, resolveOf(defined, loaded).look(planOf(steps, loaded)));
    return;
  }
  const { step = '' } = input;
  const undo = steps.steps[step]?.undo;
  if (!undo) throw new ControlError('Refused', `the step ${step} has no undo`);
  const { operation, learned } = loaded;
  const calls = undo(planOf(steps, loaded), learned, operation);
  const left = leftBehind(await callArrays(ports, calls, { operation, some: 'report' }), operation.failure);
  const mayNeedRepair = left.length > 0 || steps.look !== undefined;
  if (input.patience === 'patient' && calls.length > 0 && mayNeedRepair) await rememberLeft(ports, loaded, { step, left });
  refuseLeft(left);
};

/** Removes first what an operator wants discarded. What the array refuses leaves the operation in need of repair. */
const discard = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, loaded: Loaded): Promise<void> => {
  const calls = resolveOf(defined, loaded).discard?.(planOf(defined.steps, loaded)) ?? [];
  refuseLeft(await callArrays(ports, calls, { operation: loaded.operation, some: 'report' }));
};

export const look = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, { loaded }: Context): Promise<void> => {
  mustUndo(loaded);
  const { steps } = defined;
  if (!steps.look) throw new ControlError('Refused', `the workflow ${loaded.operation.workflow} does not look`);
  if (loaded.operation.resolution === 'discard') await discard(ports, defined, loaded);
  const calls = leavesArray(loaded) ? resolveOf(defined, loaded).look : steps.look;
  await lookWith(ports, loaded, calls(planOf(steps, loaded), loaded.learned));
};

/** Once it is decided, what is left of it is written without another look. */
export const rollBack = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, { loaded }: Pick<Context, 'loaded'>): Promise<void> => {
  const { steps } = defined;
  const { state } = loaded.operation;
  if (state === 'rolled-back') return;
  if (state !== 'rolling-back') mustUndo(loaded);
  await settlingAnew(ports.rows, loaded.operation, async (operation) => {
    const settling = await settlingOf(ports, steps, { ...loaded, operation, answers: answersKept(loaded.learned['Look']) });
    const settlement = leavesArray(loaded)
      ? resolveOf(defined, loaded).settle(settling, loaded.operation.resolution)
      : steps.rollBack(settling);
    if ('refusal' in settlement) throw new ControlError('UndoIncomplete', settlement.refusal);
    await endOperation(ports, operation, { state: 'rolled-back', settlement });
  });
};

export const markNeedsRepair = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, { loaded, input }: Context): Promise<void> => {
  if (loaded.operation.state === 'needs-repair') return;
  mustUndo(loaded);
  const { message } = caughtByMachine(input.failure);
  const now = ports.clock.now();
  const note = {
    at: new Date(now).toISOString(),
    nextTryAt: nextRepairAt(loaded.operation.repairs + 1, now),
    believedLeft: await believedLeft(ports, defined, loaded),
    heldBy: await frozenAmong(ports.rows, providerIdsOf(defined, loaded)),
    details: `${loaded.operation.failure?.message ?? 'the operation failed'}; taking it back did not succeed: ${message}`.slice(0, 800),
  };
  ports.count('NeedsRepair');
  ports.log.error('an operation needs repair', {
    operationId: loaded.operation.id,
    details: note.details,
    believedLeft: note.believedLeft,
  });
  for (const writes of needsRepairWrites(loaded.operation, note)) await ports.rows.transact(writes);
};
