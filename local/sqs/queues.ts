import * as z from 'zod';

/** `AWS::SQS::Queue`, with intrinsics resolved. */
const propertiesSchema = z.strictObject({
  QueueName: z.string().optional(),
  FifoQueue: z.boolean().optional(),
  ContentBasedDeduplication: z.boolean().optional(),
  DeduplicationScope: z.string().optional(),
  FifoThroughputLimit: z.string().optional(),
  VisibilityTimeout: z.number().optional(),
  DelaySeconds: z.number().optional(),
  MaximumMessageSize: z.number().optional(),
  MessageRetentionPeriod: z.number().optional(),
  ReceiveMessageWaitTimeSeconds: z.number().optional(),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
  RedriveAllowPolicy: z.record(z.string(), z.unknown()).optional(),
  SqsManagedSseEnabled: z.boolean().optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: z.number().optional(),
  Tags: z.array(z.unknown()).optional(),
});

export interface QueueSpec {
  name: string;
  /** The resource's properties in the template. */
  properties: unknown;
}

/** Taken at creation only; SetQueueAttributes does not know them here. */
const fixed = new Set(['FifoQueue', 'DeduplicationScope', 'FifoThroughputLimit']);

export interface QueueAttributes {
  fixed: Record<string, string>;
  settable: Record<string, string>;
}

/** SQS's attributes, all text, from a template's properties. Throws on properties that SQS does not have. */
export const attributesOf = ({ properties }: QueueSpec): QueueAttributes => {
  const { QueueName: _n, Tags: _t, ...attributes } = propertiesSchema.parse(properties);
  const entries = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const texts = entries.map(([name, value]): [string, string] => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]);
  return {
    fixed: Object.fromEntries(texts.filter(([name]) => fixed.has(name))),
    settable: Object.fromEntries(texts.filter(([name]) => !fixed.has(name))),
  };
};

/** Those that others name as their dead-letter queue come first. */
export const deadLetterQueuesFirst = (specs: readonly QueueSpec[]): QueueSpec[] =>
  specs.toSorted((a, b) => Number(hasRedrive(a)) - Number(hasRedrive(b)));

const hasRedrive = (spec: QueueSpec): boolean => 'RedrivePolicy' in attributesOf(spec).settable;
