import type { Value } from '../../core/change.ts';
import type { Author } from '../../core/inventory/changes.ts';
import { endOperation } from '../../core/operation/end.ts';
import { decisiveAnswers } from '../../core/operation/progress.ts';
import type { Operation } from '../../core/operation/schema.ts';
import { settlingAnew } from '../../core/operation/settle-anew.ts';
import type { Settling, StepAnswers, WorkflowSteps } from '../../core/operation/steps.ts';
import { resourceReader } from '../../core/operation/take-back.ts';
import { type Loaded, planOf } from './load.ts';
import type { ControlPorts } from './ports.ts';

export const workflowAuthor = (ports: ControlPorts, operation: Operation): Author => ({
  actor: operation.requestedBy,
  at: new Date(ports.clock.now()).toISOString(),
  operationId: operation.id,
  ulid: () => ports.ids.ulid(),
});

export const settlingOf = async <Plan>(
  ports: ControlPorts,
  steps: WorkflowSteps<Plan>,
  loaded: Loaded & { readonly answers: StepAnswers },
): Promise<Settling<Plan>> => {
  const plan = planOf(steps, loaded);
  const { operation, learned, answers } = loaded;
  return {
    plan,
    operation,
    learned,
    answers,
    author: workflowAuthor(ports, operation),
    row: await resourceReader(ports.rows, steps.resources(plan)),
    ...(operation.failure ? { failure: operation.failure } : {}),
  };
};

/** Of answers, what a settlement reads. */
export const keptAnswers = (answers: StepAnswers): Value =>
  JSON.parse(
    JSON.stringify(
      answers.map(({ ref, status, nativeId, observed, error }) => ({
        ref,
        status,
        ...(nativeId ? { nativeId } : {}),
        observed: observed ?? null,
        ...(error ? { error } : {}),
      })),
    ),
  );

/** Reads back what `keptAnswers` made. */
export const answersKept = (kept: unknown): StepAnswers => {
  if (!Array.isArray(kept)) return [];
  return kept.map((item) => (item.observed === null ? { ...item, observed: undefined } : item));
};

/** Commits, or goes on committing by the answers that decided it. */
export const commit = <Plan>(
  ports: ControlPorts,
  steps: WorkflowSteps<Plan>,
  loaded: Loaded & { readonly answers: StepAnswers },
): Promise<void> =>
  settlingAnew(ports.rows, loaded.operation, async (operation) => {
    const settlement = steps.commit(await settlingOf(ports, steps, { ...loaded, operation }));
    await endOperation(ports, operation, { state: 'committed', settlement, answers: keptAnswers(loaded.answers) });
  });

export const goOnCommitting = <Plan>(ports: ControlPorts, steps: WorkflowSteps<Plan>, loaded: Loaded): Promise<void> =>
  commit(ports, steps, { ...loaded, answers: answersKept(loaded.learned[decisiveAnswers]) });
