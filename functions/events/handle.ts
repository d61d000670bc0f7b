import * as z from 'zod';
import { settleStore } from '../../core/identity/store-name.ts';
import { finishWithdrawals } from '../../core/inventory/finish-withdrawals.ts';
import { operationOfExecution } from '../../core/operation/reconcile.ts';
import { finishRemovals } from '../../core/provider/finish-removals.ts';
import { countQuotas } from './count-quotas.ts';
import { lookAtQueues } from './look-at-queues.ts';
import type { EventPorts } from './ports.ts';
import { reconcileAll, reconcileOperation, startLate } from './reconcile-operations.ts';
import { runJob } from './run-job.ts';
import { scheduleDaily, scheduleDue } from './schedule.ts';
import { sealHistory } from './seal-history.ts';

const queueEvent = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });
const executionEvent = z.object({ source: z.literal('aws.states'), detail: z.object({ name: z.string() }) });
const dailyEvent = z.object({ source: z.literal('patina.daily') });
const tickEvent = z.object({ source: z.literal('aws.events') });

export interface EventResult {
  /** Messages of the queue that are to be delivered again. */
  readonly batchItemFailures?: readonly { readonly itemIdentifier: string }[];
}

const runJobs = async (ports: EventPorts, records: z.infer<typeof queueEvent>['Records']): Promise<EventResult> => {
  for (const [n, record] of records.entries()) {
    try {
      await runJob(ports, record.body);
    } catch (error) {
      ports.log.error('a job failed', { messageId: record.messageId, error });
      // Of a FIFO queue the failed message and all behind it come again, in order.
      return { batchItemFailures: records.slice(n).map(({ messageId }) => ({ itemIdentifier: messageId })) };
    }
  }
  return { batchItemFailures: [] };
};

const failureOf = async (part: Promise<void>): Promise<unknown[]> => {
  try {
    await part;
    return [];
  } catch (error) {
    return [error];
  }
};

/** A queue that does not answer keeps nothing else from its turn; the tick fails when all the rest is done, and comes again. */
const tick = async (ports: EventPorts): Promise<EventResult> => {
  ports.count('Tick');
  if (await settleStore(ports, ports.storeName)) ports.log.error('the store was restored or copied: a new epoch has begun, frozen');
  const unstarted = await reconcileAll(ports);
  const failed = [
    await failureOf(finishWithdrawals(ports)),
    await failureOf(finishRemovals(ports)),
    await failureOf(scheduleDue(ports)),
    await failureOf(lookAtQueues(ports)),
    await failureOf(countQuotas(ports)),
  ].flat();
  await sealHistory(ports);
  await startLate(ports, unstarted);
  for (const error of failed) ports.log.error('a part of the tick failed; the tick comes again', { error });
  if (failed.length > 0) throw failed[0];
  return {};
};

/** The minute's tick, the day's, ended executions, and the queue of scheduled work. */
export const handleEvent = async (ports: EventPorts, event: unknown): Promise<EventResult> => {
  const queue = queueEvent.safeParse(event);
  if (queue.success) return runJobs(ports, queue.data.Records);
  const ended = executionEvent.safeParse(event);
  if (ended.success) {
    await reconcileOperation(ports, operationOfExecution(ended.data.detail.name));
    return {};
  }
  if (dailyEvent.safeParse(event).success) {
    await scheduleDaily(ports);
    return {};
  }
  if (tickEvent.safeParse(event).success) return tick(ports);
  throw new Error('an event of an unknown kind');
};
