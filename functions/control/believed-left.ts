import { type LeftObject, leftTexts, objectsOf, withoutGone } from '../../core/operation/left.ts';
import { rememberWrites } from '../../core/operation/progress.ts';
import type { ArrayCall, StepAnswers } from '../../core/operation/steps.ts';
import type { Defined } from './forward.ts';
import type { Loaded } from './load.ts';
import type { ControlPorts } from './ports.ts';
import { answersKept } from './settle-operation.ts';

/** The name under which is kept what the undo of a step could not take back. */
const undoOf = (step: string): string => `Undo${step}`;

/** A verdict on all that the undo names: what it did not leave is gone for good. */
export const rememberLeft = async (
  ports: ControlPorts,
  { operation }: Loaded,
  { step, left }: { readonly step: string; readonly left: StepAnswers },
): Promise<void> => {
  const at = new Date(ports.clock.now()).toISOString();
  await ports.rows.transact(rememberWrites(operation, { step: undoOf(step), value: left.map(({ ref }) => ref), at }));
};

/** Steps that may have begun: a step does not before those ahead of it have ended. */
const begunSteps = <Plan>({ workflow: { steps } }: Defined<Plan>, { learned }: Loaded): string[] =>
  steps.filter((_, n) => steps.slice(0, n).every(({ name }) => learned[name] !== undefined)).map(({ name }) => name);

const callsOf = <Plan>({ steps }: Defined<Plan>, { loaded, plan }: { loaded: Loaded; plan: Plan }, name: string): readonly ArrayCall[] => {
  const step = steps.steps[name];
  return (step?.undo ? step.undo(plan, loaded.learned, loaded.operation) : step?.run(plan, loaded.learned)) ?? [];
};

const leftOf = <Plan>(defined: Defined<Plan>, { loaded, plan }: { loaded: Loaded; plan: Plan }): LeftObject[] => {
  const objects = begunSteps(defined, loaded).flatMap((name) => {
    const refs = loaded.learned[undoOf(name)];
    const named = callsOf(defined, { loaded, plan }, name).flatMap(objectsOf);
    return Array.isArray(refs) ? named.filter(({ ref }) => refs.includes(ref)) : named;
  });
  return withoutGone(objects, answersKept(loaded.learned['Look']));
};

/** The objects that the operation was to make, change or remove and that are not known to be taken back, or gone. */
export const believedLeft = async <Plan>(ports: ControlPorts, defined: Defined<Plan>, loaded: Loaded): Promise<string[]> => {
  const { success, data: plan } = defined.steps.plan.safeParse(loaded.plan);
  if (!success) return ['not known: this release cannot read the plan of the operation'];
  return leftTexts(ports.rows, leftOf(defined, { loaded, plan }));
};
