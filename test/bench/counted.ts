import type { Usage } from '../../local/ports.ts';
import { type Estate, volumeOrder } from '../support/estate.ts';
import type { Reply } from '../support/live.ts';
import { difference } from '../support/usage.ts';

/** What operations use: counted, so always the same, whatever the machine. */
export interface Counted extends Readonly<Usage> {
  readonly gatewayCalls: number;
  /** Beside the API's own. */
  readonly lambdaRuns: number;
}

export interface Subject {
  get(path: string): Promise<Reply>;
  post(path: string, body?: unknown): Promise<Reply>;
  finished(task: { id: string }): Promise<Reply['body']>;
  usage(): Promise<Readonly<Record<string, Usage>>>;
  gatewayCalls(): Promise<number>;
}

const sum = (usage: Readonly<Record<string, Usage>>, which: RegExp, field: keyof Usage): number =>
  Object.entries(usage).reduce((total, [caller, used]) => total + (which.test(caller) ? used[field] : 0), 0);

/** The minute's tick is nobody's operation, and how often a client polls is its own affair. */
const work = /Control|Driver|Workflows/;
const units = /Api|Providers|Control|Driver/;

const figuresOf = async (subject: Subject): Promise<Counted> => {
  const usage = await subject.usage();
  return {
    gatewayCalls: await subject.gatewayCalls(),
    transitions: sum(usage, work, 'transitions'),
    lambdaRuns: sum(usage, work, 'lambdaRuns'),
    lambdaMs: sum(usage, work, 'lambdaMs'),
    readUnits: sum(usage, units, 'readUnits'),
    writeUnits: sum(usage, units, 'writeUnits'),
    transactionConflicts: sum(usage, units, 'transactionConflicts'),
  };
};

/** What an order and its tasks use, and what the dry run of the same order says it will. */
export interface Measured {
  readonly counted: Counted;
  readonly planned?: { readonly write_units: number; readonly lambda_runs: number; readonly state_machine_transitions: number };
  readonly milliseconds: number;
  readonly tasks: readonly Reply['body'][];
}

const tasksIn = ({ status, body }: Reply): { id: string }[] => {
  if (status !== 202) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return body.task ?? [body];
};

export const measured = async (subject: Subject, path: string, body: unknown = {}): Promise<Measured> => {
  const dry = await subject.post(`${path}?dry_run=true`, body);
  const before = await figuresOf(subject);
  const begunAt = performance.now();
  const tasks = await Promise.all(tasksIn(await subject.post(path, body)).map(subject.finished));
  const milliseconds = performance.now() - begunAt;
  const failed = tasks.find((task) => task.state !== 'ready');
  if (failed) throw new Error(`${path}: ${JSON.stringify(failed)}`);
  return { counted: difference(await figuresOf(subject), before), planned: dry.body.plan?.cost, milliseconds, tasks };
};

/** Classes to order from, and a host that the array of the classes knows. */
export interface Orders {
  readonly estate: Estate;
  readonly hostId: string;
}

/** What may be done with volumes, in order; each operation is told as it ends. */
export const lifeOfVolumes = async (
  subject: Subject,
  { estate, hostId }: Orders,
  tell: (operation: string, measured: Measured) => void,
): Promise<void> => {
  const note = async (operation: string, path: string, body?: unknown): Promise<string[]> => {
    const done = await measured(subject, path, body);
    tell(operation, done);
    return done.tasks.map((task) => task.resource.id);
  };
  await note('create 1 volume', '/block/volumes', volumeOrder(estate, { name: 'one' }));
  const ids = await note('create 3 volumes', '/block/volumes', volumeOrder(estate, { name: 'three', count: 3 }));
  await note('create 12 volumes', '/block/volumes', volumeOrder(estate, { name: 'twelve', count: 12 }));
  await note('expand', `/block/volumes/${ids[0]}/expand`, { new_size: '24GB' });
  const [groupId] = await note('export 2 volumes', '/block/exports', {
    name: 'group',
    type: 'Host',
    project: estate.projectId,
    varray: estate.varrayId,
    hosts: [hostId],
    volumes: ids.slice(0, 2).map((id) => ({ id })),
  });
  await note('unexport', `/block/exports/${groupId}/deactivate`);
  await note('delete 3 volumes', '/block/volumes/deactivate', { id: ids });
};
