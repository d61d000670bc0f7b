import type { Reader } from '../../../../core/inventory/read.ts';
import { finishTasks } from '../../../../core/operation/finish-tasks.ts';
import type { Operation, Task } from '../../../../core/operation/schema.ts';
import { findOperation, findTask } from '../../../../core/operation/store.ts';
import type { ApiPorts } from '../../../../core/request.ts';

/** About a second in all: clients poll without pause, and every answer that says nothing new costs both sides. */
const pausesMs = [25, 50, 75, 100, 150, 250, 350];

const isUnfinished = ({ state }: Task): boolean => state === 'pending' || state === 'queued';

export const maySeeTask = (reader: Reader, task: Task): boolean => reader === 'system' || task.tenantId === reader.tenantId;

/** Taking back may take an hour while an array does not answer, and writes no task before its end: why it does is told from the operation. */
const tellingWhy = (task: Task, { state, failure, cancelRequested, resolution }: Operation): Task => {
  if (state === 'undoing' && failure && !resolution) return { ...task, message: `has failed and is being settled: ${failure.message}` };
  return state === 'accepted' && cancelRequested ? { ...task, message: 'is cancelled before its next step' } : task;
};

/** Of an operation that has committed the tasks are told next; where that was cut short for good, whoever asks makes up for it. */
const caughtUp = async (ports: ApiPorts, task: Task): Promise<Task | undefined> => {
  const operation = await findOperation(ports.rows, task.operationId);
  if (operation?.state !== 'committed') return operation ? tellingWhy(task, operation) : task;
  await finishTasks(ports, operation);
  return findTask(ports.rows, task.id);
};

/** The task as soon as it has ended, at the latest after about a second; undefined when there is none the reader may see. */
export const heldTask = async (ports: ApiPorts, reader: Reader, taskId: string): Promise<Task | undefined> => {
  let task = await findTask(ports.rows, taskId);
  if (!task || !maySeeTask(reader, task)) return undefined;
  for (const pause of ports.sleeper ? pausesMs : []) {
    if (!task || !isUnfinished(task)) return task;
    await ports.sleeper?.sleep(pause);
    task = await findTask(ports.rows, taskId);
  }
  return task && isUnfinished(task) ? caughtUp(ports, task) : task;
};
