import { randomUUID } from 'node:crypto';
import type { Lambdas } from '../lambda/lambdas.ts';
import { send } from './queue-client.ts';
import type { Rule, Target } from './rules.ts';

export interface DeliverOptions {
  readonly invoke: Lambdas['invoke'];
  readonly queueUrl: (queueName: string) => string;
  readonly log: (line: string) => void;
}

const caller = 'events.amazonaws.com';

/** EventBridge's side of a delivery: in its own name, so only where a function's or queue's policy lets it. */
export function deliverer({ invoke, queueUrl, log }: DeliverOptions) {
  async function toTarget(rule: Rule, { arn, messageGroupId }: Target, payload: string): Promise<void> {
    if (arn.startsWith('arn:aws:lambda:')) {
      await invoke({ caller, functionName: arn, payload, invocationType: 'Event', sourceArn: rule.arn });
      return;
    }
    const group = messageGroupId === undefined ? {} : { messageGroupId, deduplicationId: randomUUID() };
    await send({ url: queueUrl(arn.split(':')[5] ?? ''), caller }, { body: payload, ...group });
  }

  return (rule: Rule, target: Target, payload: string): void => {
    toTarget(rule, target, payload).catch((error: unknown) =>
      log(JSON.stringify({ level: 'ERROR', message: `the rule ${rule.name} could not reach ${target.arn}`, error: String(error) })),
    );
  };
}
