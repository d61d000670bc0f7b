import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Jobs } from '../../core/ports.ts';

/** The FIFO queue of scheduled work: one group for each target and kind. */
export const sqsJobs = (client: SQSClient, queueUrl: string): Jobs => ({
  async send({ kind, targetId, deduplicationId }) {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ kind, targetId }),
        MessageGroupId: `${kind}/${targetId}`.slice(0, 128),
        MessageDeduplicationId: deduplicationId.slice(0, 128),
      }),
    );
  },
});
