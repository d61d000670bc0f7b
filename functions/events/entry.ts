import { awsApi, awsCounter, awsJobs, awsQueues, awsSleeper, awsStoreName } from '../../platform/aws/index.ts';
import { type EventResult, handleEvent } from './handle.ts';

const ports = {
  ...awsApi('events'),
  ...awsSleeper,
  ...awsCounter('events'),
  jobs: awsJobs(),
  queues: awsQueues(),
  storeName: awsStoreName(),
};

export const handler = (event: unknown): Promise<EventResult> => handleEvent(ports, event);
