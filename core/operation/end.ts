import { giveBackCapacity } from '../capacity/take.ts';
import type { Value, Write } from '../change.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Clock, Rows } from '../ports.ts';
import { giveBackQuota } from '../quota/quota.ts';
import { mostTogether, packed, transactionLimit } from './chunks.ts';
import { endReadyTasks } from './finish-tasks.ts';
import { decidedWrites, endingStates, endWrites, heldCheck, taskEndWrite } from './progress.ts';
import type { Operation } from './schema.ts';
import type { SettledPart, Settlement, TaskEnd } from './steps.ts';

interface Store {
  readonly rows: Rows;
  readonly clock: Clock;
}

export interface End {
  readonly state: keyof typeof endingStates;
  readonly settlement: Settlement;
  /** What the end is decided by and is not kept yet; needed again if not all of it is written at once. */
  readonly answers?: Value;
}

const partWrites = (parts: readonly SettledPart[]): Write[] => [
  ...parts.flatMap(({ writes }) => writes),
  ...giveBackCapacity(parts.flatMap(({ gives }) => gives ?? [])),
  ...giveBackQuota(parts.flatMap(({ givesQuota }) => givesQuota ?? [])),
];

const partTasks = (parts: readonly SettledPart[]): TaskEnd[] => parts.flatMap(({ task }) => task ?? []);

/** A settlement as one transaction would write it. */
export const wholeSettlement = ({ parts = [], writes, tasks }: Settlement): { readonly writes: Write[]; readonly tasks: TaskEnd[] } => ({
  writes: [...partWrites(parts), ...writes],
  tasks: [...partTasks(parts), ...tasks],
});

/** Its writes, its task's, a pool's, and those of quotas. */
const sizeOf = ({ writes, givesQuota }: SettledPart): number => writes.length + 2 + (givesQuota?.quotaIds.length ?? 0);

/** Those whose resource still has the operation's lock. */
const notWritten = async (rows: Rows, parts: readonly SettledPart[]): Promise<SettledPart[]> => {
  const found = await rows.getMany(
    'Inventory',
    parts.map(({ resourceId }) => resourceKey(resourceId)),
  );
  return parts.filter(({ lock }, n) => found[n]?.['activeTaskId'] === lock);
};

/** What was never accepted has but one end. */
const endingOf = (operation: Operation, state: End['state']): Operation['state'] =>
  operation.state === 'accepting' ? 'accepting' : endingStates[state];

const endInParts = async ({ rows, clock }: Store, operation: Operation, { state, settlement, answers }: End): Promise<void> => {
  const at = new Date(clock.now()).toISOString();
  const ending = endingOf(operation, state);
  if (operation.state !== ending) await rows.transact(decidedWrites(operation, { state, answers, at }));
  const decided = { ...operation, state: ending };
  const left = await notWritten(rows, settlement.parts ?? []);
  for (const parts of packed(left, sizeOf))
    await rows.transact([heldCheck(decided), ...partTasks(parts).map((task) => taskEndWrite(decided, task, at)), ...partWrites(parts)]);
  await rows.transact([...endWrites(decided, { state, at, tasks: settlement.tasks }), ...settlement.writes]);
};

const isReady = ({ state }: TaskEnd): boolean => state === 'ready';

/**
 * The outcome, which only the owner can write. Resources and operation in one transaction if that takes them, with the tasks that failed;
 * those that are ready are told so right after it, and again by whoever comes later if that is cut short. Else first that it is decided, then the
 * parts with their tasks, each chunk conditional on that, and the operation's end last. Called again it goes on where it was.
 */
export const endOperation = async (store: Store, operation: Operation, end: End): Promise<void> => {
  const at = new Date(store.clock.now()).toISOString();
  const { writes, tasks } = wholeSettlement(end.settlement);
  const ready = end.state === 'committed' ? tasks.filter(isReady) : [];
  const others = tasks.filter((task) => !ready.includes(task));
  const together = [...endWrites(operation, { state: end.state, at, tasks: others }), ...writes];
  const parts = end.settlement.parts?.length ?? 0;
  const isBegun = operation.state === endingStates[end.state];
  if (isBegun || parts > mostTogether || together.length > transactionLimit) return endInParts(store, operation, end);
  await store.rows.transact(together);
  await endReadyTasks(store, operation, ready);
};
