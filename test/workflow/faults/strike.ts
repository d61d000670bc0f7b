import { expect } from 'vitest';
import type { Bench } from './bench.ts';
import { type Fault, faults } from './faults.ts';
import type { Lane, Row } from './rows.ts';
import { arrived, entered, runningOf, type Steered, steeredOf } from './steered.ts';

/** As many as no test outlasts. */
export const endless = 1_000_000;

/** More than anybody tries at once. */
const lostStarts = 10;

const requestTimeoutMs = 20_000;

/** Past the time that the driver gives a call of the gateway. */
export const passRequestTimeout = (at: Pick<Steered, 'advance'>): Promise<void> => at.advance(requestTimeoutMs + 1000);

export const holdForLane = ({ array }: Pick<Steered, 'array'>, { held }: Lane): void =>
  array.simulator.addFault({ effect: 'hang', when: held.when, match: held.match });

export interface IntoLane {
  readonly lane: Lane;
  readonly operationId: string;
  /** Sets the fault that is to strike in the lane. */
  readonly setFault: () => void | Promise<void>;
}

/** Leads an order whose call the gateway holds into the failure lane, and sets the fault at its moment. */
export const enterLane = async (at: Steered, { lane, operationId, setFault }: IntoLane): Promise<void> => {
  const { simulator } = at.array;
  const setAll = async (moment: Lane['setAt']): Promise<void> => {
    if (lane.setAt === moment) await setFault();
    if (lane.companion?.from === moment) simulator.addFault(lane.companion.rule);
  };
  await arrived(at);
  simulator.clearFaults();
  await at.stored.set('Tasks', { pk: `OPERATION#${operationId}`, sk: 'OPERATION' }, { cancelRequested: true });
  await setAll('held');
  await passRequestTimeout(at);
  if (lane.setAt !== 'grace' && lane.companion?.from !== 'grace') return;
  await entered(at, operationId, 'Grace');
  simulator.clearFaults();
  await setAll('grace');
};

interface Striking {
  readonly row: Row;
  readonly fault: Fault;
}

/** Once there is an order. */
interface Struck extends Striking {
  readonly operationId: string;
}

const setInStore = ({ live, stored }: Bench, { row, fault }: Striking): void => {
  const { storedBy, table = 'Tasks' } = row.call;
  const times = typeof fault.times === 'number' ? fault.times : endless;
  fault.store?.(live.host.faults.dynamodb, { operation: storedBy, table: stored.nameOf(table), times });
};

const addRule = ({ array }: Bench, { row, fault }: Striking): void => {
  if (!fault.gateway) return;
  const match = { ...(fault.isOfAnyCall ? {} : row.call.match), ...fault.gateway.match };
  array.simulator.addFault({ ...fault.gateway, match });
};

export const strikingOf = (row: Row): Striking => ({ row, fault: faults[row.fault] });

const strikesInStore = ({ store, diesInTransaction }: Fault): boolean => store !== undefined || diesInTransaction === true;

/** Before the order is sent. */
export const armForward = (bench: Bench, striking: Striking): void => {
  const { row, fault } = striking;
  if (fault.startLost) bench.live.host.faults.stepfunctions.loseStart({ times: lostStarts, effect: fault.startLost });
  addRule(bench, striking);
  if (strikesInStore(fault)) bench.array.simulator.addFault({ effect: 'hang', when: 'after', match: row.call.match });
};

/** Lets requests to the store fail until the state machine tries the step again because of it. */
const untilRetried = async (bench: Bench, operationId: string): Promise<void> => {
  const store = bench.live.host.faults.dynamodb;
  const transitions = async (): Promise<number | undefined> => (await runningOf(steeredOf(bench), operationId))?.transitions;
  await bench.soon('the store was asked', async () => store.outstanding() < endless);
  const before = await transitions();
  await bench.soon('the step is tried again, or over', async () => (await transitions()) !== before);
  store.clear();
};

/** Whether it has come to pass. */
const noted = (event: Promise<void>): (() => boolean) => {
  let hasCome = false;
  void event.then(() => {
    hasCome = true;
  });
  return () => hasCome;
};

/** From now on the store holds transactions; what this answers ends the function whose step's own transaction is held, and lets go. */
const holdToDie = (bench: Bench, { row, operationId }: Struck): (() => Promise<void>) => {
  const store = bench.live.host.faults.dynamodb;
  const letGo = store.holdTransactions();
  let isBegun = noted(store.transactionBegun());
  const isOfStep = async (): Promise<boolean> => (await runningOf(steeredOf(bench), operationId))?.position?.state === row.step;
  return async () => {
    await bench.soon('the step’s own transaction is held', async () => {
      if (!isBegun()) return false;
      isBegun = noted(store.transactionBegun());
      return isOfStep();
    });
    await bench.live.host.lambdas.crash(bench.functions.control);
    letGo();
  };
};

/** Is turned away by the fence, whoever asks for it. */
const runLate = async (bench: Bench, { row, operationId }: Struck): Promise<void> => {
  const { host } = bench.live;
  await bench.stored.set('Tasks', { pk: `OPERATION#${operationId}`, sk: 'OPERATION' }, { cancelRequested: false });
  const { payload } = await host.lambdas.invoke({
    caller: host.operatorKey,
    functionName: bench.functions.control,
    payload: JSON.stringify({ workflow: row.workflow, phase: 'run', step: row.step, operationId, execution: operationId }),
    invocationType: 'RequestResponse',
  });
  expect(JSON.parse(payload)).toMatchObject({ errorType: 'FenceLost' });
};

/** Sets what the store does from now on; what this answers waits until it has struck. */
const strikeInStore = (bench: Bench, struck: Struck): (() => Promise<void>) => {
  const { fault, operationId } = struck;
  if (fault.diesInTransaction) return holdToDie(bench, struck);
  setInStore(bench, struck);
  return async () => (fault.times === 'untilRetried' ? untilRetried(bench, operationId) : undefined);
};

const strikeAtGateway = async (bench: Bench, { gateway, meanwhile }: Fault): Promise<void> => {
  if (gateway?.effect !== 'hang') return;
  await arrived({ ...steeredOf(bench), soon: bench.until });
  await meanwhile?.(bench);
  await passRequestTimeout(steeredOf(bench));
};

/** What a request starts was lost before it was answered; what the reconciler starts is yet to come. */
const startWasLost = async ({ live, soon }: Bench): Promise<void> => {
  const { stepfunctions } = live.host.faults;
  await soon('the start was lost', async () => stepfunctions.outstanding() < lostStarts);
  stepfunctions.clear();
};

/** Once the order is accepted. */
export const strikeForward = async (bench: Bench, struck: Struck): Promise<void> => {
  const { fault } = struck;
  if (fault.startLost) await startWasLost(bench);
  if (strikesInStore(fault)) {
    await arrived(steeredOf(bench));
    const hasStruck = strikeInStore(bench, struck);
    await passRequestTimeout(steeredOf(bench));
    await hasStruck();
  } else await strikeAtGateway(bench, fault);
};

/** Once the order is accepted, in the lane. */
export const strikeInLane = async (bench: Bench, struck: Struck): Promise<void> => {
  const { row, fault, operationId } = struck;
  if (!row.lane) throw new Error(`${row.step} is on the way forward`);
  let hasStruck = async (): Promise<void> => undefined;
  const setFault = async (): Promise<void> => {
    if (fault.runsLate) await runLate(bench, struck);
    addRule(bench, struck);
    hasStruck = strikeInStore(bench, struck);
  };
  await enterLane(steeredOf(bench), { lane: row.lane, operationId, setFault });
  await strikeAtGateway(bench, fault);
  await hasStruck();
};
