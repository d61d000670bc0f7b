import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerAnswer, WorkerAsleep, WorkerLoaded, WorkerRequest, WorkerStart } from './worker-protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const start: WorkerStart = workerData;

function errorPayload(thrown: unknown): string {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
}

/** Ids of the runs that have not ended. */
const running = new Set<string>();

const tell = (message: WorkerAnswer | WorkerAsleep | WorkerLoaded): void => parentPort?.postMessage(message);

async function loadHandler(): Promise<Handler> {
  if (start.sharedTime !== undefined) {
    const { installWorkerClock } = await import('../clock/worker-clock.ts');
    installWorkerClock(start.sharedTime, (asleepUntil) => tell({ ids: [...running], asleepUntil }));
  }
  const loaded = await import(pathToFileURL(start.file).href);
  const handler: unknown = loaded[start.exportName] ?? loaded.default?.[start.exportName];
  if (typeof handler === 'function') return (event, context) => handler(event, context);
  throw Object.assign(new Error(`${start.file} exports no function ${start.exportName}`), { name: 'Runtime.HandlerNotFound' });
}

const contextOf = ({ id, invokedArn, deadlineAt }: WorkerRequest): object => ({
  functionName: start.functionName,
  functionVersion: '1',
  invokedFunctionArn: invokedArn,
  memoryLimitInMB: String(start.memoryMb),
  awsRequestId: id,
  logGroupName: `/aws/lambda/${start.functionName}`,
  logStreamName: 'local',
  getRemainingTimeInMillis: () => Math.max(0, deadlineAt - Date.now()),
});

async function answerTo(handler: Handler, request: WorkerRequest): Promise<WorkerAnswer> {
  running.add(request.id);
  try {
    const result = await handler(JSON.parse(request.payload), contextOf(request));
    return { id: request.id, payload: JSON.stringify(result) ?? 'null', isError: false };
  } catch (error) {
    return { id: request.id, payload: errorPayload(error), isError: true };
  } finally {
    running.delete(request.id);
  }
}

async function serve(): Promise<void> {
  try {
    const handler = await loadHandler();
    parentPort?.on('message', (request: WorkerRequest) => void answerTo(handler, request).then(tell));
    tell({});
  } catch (error) {
    tell({ loadError: errorPayload(error) });
  }
}

await serve();
