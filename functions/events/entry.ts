import { awsApi, awsCounter, awsJobs, awsQueues } from '../../platform/aws/index.ts';
import { type EventResult, handleEvent } from './handle.ts';

const ports = { ...awsApi('events'), ...awsCounter('events'), jobs: awsJobs(), queues: awsQueues() };

export const handler = (event: unknown): Promise<EventResult> => handleEvent(ports, event);
