import * as z from 'zod';
import { ServiceError } from '../protocol/service-error.ts';

/** Each operation with the IAM action that allows it; the batches have none of their own. */
const actions: Readonly<Record<string, string>> = {
  SendMessage: 'sqs:SendMessage',
  SendMessageBatch: 'sqs:SendMessage',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessage: 'sqs:DeleteMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  ChangeMessageVisibility: 'sqs:ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  GetQueueAttributes: 'sqs:GetQueueAttributes',
  GetQueueUrl: 'sqs:GetQueueUrl',
  PurgeQueue: 'sqs:PurgeQueue',
  ListQueueTags: 'sqs:ListQueueTags',
};

const queueSchema = z.looseObject({ QueueUrl: z.string().optional(), QueueName: z.string().optional() });

export interface QueueRequest {
  action: string;
  queueName: string;
}

/** What a request does to which queue. Queues come from the template, so the operations that make, change or delete them are refused. */
export const queueRequestOf = (operation: string, body: string): QueueRequest => {
  const action = actions[operation];
  if (action === undefined) throw new ServiceError('UnknownOperationException', `${operation} is not available on this host`);
  const { QueueUrl, QueueName } = queueSchema.parse(JSON.parse(body));
  const queueName = QueueUrl?.split('/').at(-1) ?? QueueName;
  if (queueName === undefined) throw new ServiceError('ValidationException', 'QueueUrl: required');
  return { action, queueName };
};
