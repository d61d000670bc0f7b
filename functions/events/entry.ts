import { awsApi, awsCounter, awsJobs } from '../../platform/aws/index.ts';
import { type EventResult, handleEvent } from './handle.ts';

const ports = { ...awsApi('events'), ...awsCounter('events'), jobs: awsJobs() };

export const handler = (event: unknown): Promise<EventResult> => handleEvent(ports, event);
