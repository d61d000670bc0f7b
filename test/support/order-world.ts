import type { ExecutionState, StartRequest } from '../../core/ports.ts';
import { driverOf } from '../../drivers/registry.ts';
import { scaleio } from '../../drivers/scaleio/index.ts';
import type { DriverAnswer, DriverRequest } from '../../drivers/sdk/driver.ts';
import { pairRef } from '../../drivers/sdk/refs.ts';
import type { ControlPorts } from '../../functions/control/ports.ts';
import { runStep } from '../../functions/control/run-step.ts';
import { runners } from '../../functions/control/runners.ts';
import type { EventPorts } from '../../functions/events/ports.ts';
import { reconcileAll, reconcileOperation } from '../../functions/events/reconcile-operations.ts';
import type { StepInput } from '../../statemachines/dsl/define.ts';
import { workflows } from '../../statemachines/registry.ts';
import { aPool, aWorld, startedAt, type World } from './block-world.ts';
import { type Death, died, mortalRows } from './mortal-rows.ts';

/** Orders, their workflows and the reconciler over one store and one array, all in memory; each process may die at any of its transactions. */
export interface OrderWorld extends World {
  readonly array: Map<string, Made>;
  /** Calls of verbs that change the array. */
  readonly changes: string[];
  /** Names on the array of volumes that it refuses to make or to remove. */
  readonly refuses: Set<string>;
  /** The ports of a request whose process dies, or lives. */
  request(death?: Death): World['ports'];
  /** Carries out what was started; a machine whose function dies has failed. */
  carryOut(death?: Death): Promise<void>;
  /** So much later the minute's tick comes. */
  tick(afterSeconds: number): Promise<void>;
  /** Tells of executions that failed, ticks, and carries out what that starts, until no operation is open. */
  settle(): Promise<void>;
  openOperations(): number;
}

interface Made {
  readonly nativeId: string;
  readonly mappedTo: Set<string>;
  readonly sizeBytes: number;
  readonly poolNativeId: string;
}

interface AskedItem {
  readonly ref: string;
  readonly name?: string;
  readonly sizeBytes?: number;
  readonly poolNativeId?: string;
  readonly volume?: { readonly kind: string; readonly name?: string; readonly expectedName?: string };
  /** To be unmapped from. */
  readonly initiator?: { readonly id: string };
}

interface AskedExport {
  readonly volumes: readonly AskedItem[];
  readonly hosts: readonly { readonly initiators: readonly { readonly ref: string; readonly id: string }[] }[];
}

const nameOf = ({ name, volume }: AskedItem): string => name ?? volume?.expectedName ?? volume?.name ?? '';

const mappingsOf = ({ mappedTo }: Made) =>
  [...mappedTo].map((initiatorId) => ({ initiatorType: 'sdc', initiatorId, access: 'read-write', limits: {} }));

const observedAs = (name: string, { nativeId, sizeBytes, poolNativeId }: Made) => ({
  ...{ nativeId, name, poolNativeId, sizeBytes, provisioningType: 'thin', kind: 'volume' },
  ...{ createdAt: startedAt, wwn: `wwn-${nativeId}`, mappings: [] },
});

const refusal = (ref: string) => ({
  ref,
  status: 'rejected',
  error: { name: 'DriverRejected', code: 'object.inUse', message: 'the array refuses' },
});

type Arrays = Pick<OrderWorld, 'array' | 'refuses'>;

const made = ({ array }: Arrays, item: AskedItem) => {
  const name = nameOf(item);
  const known = array.get(name);
  const fresh = { sizeBytes: item.sizeBytes ?? 0, poolNativeId: item.poolNativeId ?? '', mappedTo: new Set<string>() };
  const volume = known ?? { nativeId: `n${name.slice(-12)}`, ...fresh };
  array.set(name, volume);
  return {
    ref: item.ref,
    status: 'done',
    outcome: known ? 'found' : 'made',
    nativeId: volume.nativeId,
    observed: observedAs(name, volume),
  };
};

const read = ({ array }: Arrays, item: AskedItem) => {
  const volume = array.get(nameOf(item));
  const found = volume ? { nativeId: volume.nativeId, observed: observedAs(nameOf(item), volume) } : {};
  return { ref: item.ref, status: 'done', outcome: 'found', ...found };
};

const mapped = ({ array }: Arrays, { volumes, hosts }: AskedExport) =>
  volumes.flatMap((volume) =>
    hosts.flatMap(({ initiators }) =>
      initiators.map(({ ref, id }) => {
        array.get(nameOf(volume))?.mappedTo.add(id);
        return { ref: pairRef(volume.ref, ref), status: 'done', outcome: 'made', observed: { lun: 1 } };
      }),
    ),
  );

const exportAnswerTo = ({ array }: Arrays, item: AskedItem) => {
  const volume = array.get(nameOf(item));
  if (item.initiator) volume?.mappedTo.delete(item.initiator.id);
  const observed = item.initiator || !volume ? {} : { observed: { mappings: mappingsOf(volume) } };
  return { ref: item.ref, status: 'done', outcome: 'found', ...observed };
};

const answerTo = (world: Arrays, verb: string, item: AskedItem) => {
  const name = nameOf(item);
  if (verb.includes('Exports')) return exportAnswerTo(world, item);
  if (verb === 'readVolumes') return read(world, item);
  if (verb === 'ensureVolumes') return world.refuses.has(name) ? refusal(item.ref) : made(world, item);
  if (world.refuses.has(name) && world.array.has(name)) return refusal(item.ref);
  const gone = world.array.delete(name);
  return { ref: item.ref, status: 'done', outcome: gone ? 'made' : 'found' };
};

const noCalls = { login: 0, read: 0, change: 0 };

const machineOf = (name: string) => {
  const workflow = workflows.find((each) => each.name === name);
  if (!workflow) throw new Error(`there is no workflow ${name}`);
  return workflow;
};

type Phase = Pick<StepInput, 'phase' | 'step' | 'patience' | 'failure'>;

const phasesOf = (name: string): { readonly forward: Phase[]; readonly lane: Phase[] } => {
  const { steps, look } = machineOf(name);
  const undo = steps.filter((step) => step.undo).map((step): Phase => ({ phase: 'undo', step: step.name, patience: 'patient' }));
  return {
    forward: steps.map((step): Phase => ({ phase: 'run', step: step.name })),
    lane: [...undo.toReversed(), ...(look ? [{ phase: 'look', patience: 'patient' } as const] : []), { phase: 'rollBack' }],
  };
};

const abandoned: NonNullable<StepInput['failure']> = { Error: 'Abandoned' };

/** As Step Functions catches it; a function that died tells nothing, and nobody catches. */
const caught = (error: Error): NonNullable<StepInput['failure']> => {
  if (error === died) throw error;
  return { Error: error.name, Cause: JSON.stringify({ errorMessage: JSON.stringify({ code: 'array.refused', message: error.message }) }) };
};

/** Two pools of 1,000 GiB each. */
export const anOrderWorld = (): OrderWorld => {
  const world = aWorld();
  const queue: StartRequest[] = [];
  const executions = new Map<string, ExecutionState>();
  const array = new Map<string, Made>();
  const changes: string[] = [];
  const refuses = new Set<string>();
  const failures: string[] = [];
  let now = Date.parse(startedAt);
  world.put(aPool({ n: 1 }), aPool({ n: 2 }));

  const workflowPorts: World['ports']['workflows'] = {
    ...world.ports.workflows,
    start: async (request) => {
      if (executions.has(request.execution)) return;
      world.started.push(request);
      queue.push(request);
      executions.set(request.execution, 'running');
    },
    state: async (_, execution) => executions.get(execution) ?? 'unknown',
  };
  const base = { ...world.ports, clock: { now: () => now }, workflows: workflowPorts };

  const driver = async (_type: string, { verb, input }: DriverRequest): Promise<DriverAnswer> => {
    if (!verb.startsWith('read')) changes.push(verb);
    if (verb === 'ensureExports') return { gatewayCalls: noCalls, output: { items: mapped({ array, refuses }, input as AskedExport) } };
    const { items } = input as { items: readonly AskedItem[] };
    return { gatewayCalls: noCalls, output: { items: items.map((item) => answerTo({ array, refuses }, verb, item)) } };
  };
  const control = (death: Death | undefined): ControlPorts => ({
    ...base,
    rows: mortalRows(world.rows, death),
    drivers: { call: driver },
    declarationOf: (type) => driverOf(type) ?? scaleio,
    count: () => undefined,
    deadline: () => now + 240_000,
    storeName: 'tables',
    sleep: async () => undefined,
  });

  const run = async ({ workflow, execution, input }: StartRequest, ports: ControlPorts): Promise<void> => {
    const { forward, lane } = phasesOf(workflow);
    const each = async (phases: readonly Phase[]): Promise<void> => {
      for (const phase of phases) await runStep(runners, ports, { ...phase, workflow, execution, operationId: input.operationId });
    };
    const failure = input.repair ? abandoned : await each(forward).then(() => undefined, caught);
    if (failure) await each([{ phase: 'recordFailure', failure }, ...lane]);
  };

  const carryOut = async (death?: Death): Promise<void> => {
    for (const request of queue.splice(0)) {
      const ended = await run(request, control(death)).then(
        (): ExecutionState => 'succeeded',
        (): ExecutionState => 'failed',
      );
      executions.set(request.execution, ended);
      if (ended === 'failed') failures.push(request.input.operationId);
    }
  };
  const openOperations = () => world.rows.all('Tasks').filter((row) => row['openPk'] !== undefined).length;
  const events: EventPorts = {
    ...base,
    count: () => undefined,
    storeName: 'tables',
    jobs: { send: async () => undefined },
    queues: { depths: async () => [], redrive: async () => 0 },
    sleep: async () => undefined,
  };
  const tick = async (afterSeconds: number): Promise<void> => {
    now += afterSeconds * 1000;
    await reconcileAll(events);
  };
  return {
    ...world,
    ports: base,
    array,
    changes,
    refuses,
    request: (death) => ({ ...base, rows: mortalRows(world.rows, death) }),
    carryOut,
    tick,
    openOperations,
    settle: async () => {
      for (const operationId of failures.splice(0)) await reconcileOperation(events, operationId);
      for (let ticks = 0; openOperations() > 0; ticks += 1) {
        if (ticks > 10) throw new Error('an operation does not end');
        await carryOut();
        await tick(61);
      }
    },
  };
};
