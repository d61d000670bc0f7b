import type { FaultRuleInput } from '../../../drivers/scaleio/simulator/faults.ts';
import type { Bench } from './bench.ts';

/** The gateway's call by which a step does its work, and the write that ends the step. */
export interface StepCall {
  readonly verb: string;
  readonly storedBy: 'TransactWriteItems' | 'UpdateItem';
}

export interface Fault {
  readonly name: string;
  /** Before the order is sent. */
  readonly arm?: (bench: Bench, call: StepCall) => void;
  /** Once the order is accepted. */
  readonly strike?: (bench: Bench, call: StepCall) => Promise<void>;
  /** Goes on until somebody ends it. */
  readonly lasts?: true;
  /** Who held a slot of the array is no more: its lease runs out. */
  readonly leavesSlot?: true;
  /** How many requests to the store it strikes at most. */
  readonly timesInStore?: number;
  /** Strikes before the array is called. */
  readonly isAtStart?: true;
}

const rule = (bench: Bench, { verb }: StepCall, effect: FaultRuleInput): void =>
  bench.array.simulator.addFault({ ...effect, match: { ...effect.match, verb } });

const arrived = (bench: Bench): Promise<true> =>
  bench.soon('the call arrived at the array', async () => ((await bench.array.met()) > 0 ? true : undefined));

const atGateway = (name: string, effect: FaultRuleInput): Fault => ({ name, arm: (bench, call) => rule(bench, call, effect) });

const lastingAtGateway = (name: string, effect: FaultRuleInput): Fault => ({
  ...atGateway(name, { ...effect, times: 'always' }),
  lasts: true,
});

const requestTimeoutMs = 20_000;

/** The gateway holds the call until its time is out. */
const hanging = (name: string, when: 'before' | 'after', then?: (bench: Bench) => void): Fault => ({
  name,
  arm: (bench, call) => rule(bench, call, { effect: 'hang', when }),
  strike: async (bench) => {
    await arrived(bench);
    then?.(bench);
    await bench.clock.advance(requestTimeoutMs + 1000);
  },
});

/** A function dies while the gateway holds its call. */
const dying = (name: string, which: 'control' | 'driver', when: 'before' | 'after'): Fault => ({
  name,
  ...(which === 'control' ? { leavesSlot: true } : {}),
  arm: (bench, call) => rule(bench, call, { effect: 'hang', when }),
  strike: async (bench) => {
    await arrived(bench);
    await bench.live.host.lambdas.crash(bench.functions[which]);
    await bench.clock.advance(requestTimeoutMs + 1000);
  },
});

const away: FaultRuleInput = { effect: 'failBefore', times: 'always' };
const goesAway = (bench: Bench): void => bench.array.simulator.addFault(away);

/** Long enough for a test to set a fault of the store before the array answers. */
const answerDelayMs = 150;

const inStore = (name: string, timesInStore: number, strike: (bench: Bench, call: StepCall) => void): Fault => ({
  name,
  timesInStore,
  arm: (bench, call) => rule(bench, call, { effect: 'delay', delayMs: answerDelayMs }),
  strike: async (bench, call) => {
    await arrived(bench);
    strike(bench, call);
  },
});

const throttled = (name: string, times: number): Fault =>
  inStore(name, times, ({ live }, { storedBy }) => live.host.faults.dynamodb.throttle({ operation: storedBy, times }));

const writeLost = (name: string, times: number): Fault =>
  inStore(name, times, ({ live }, { storedBy }) => live.host.faults.dynamodb.failAfter({ operation: storedBy, times }));

/** Nobody starts it; what was accepted is found in the store. */
const startLost = (name: string, effect: 'before' | 'after'): Fault => ({
  name,
  isAtStart: true,
  arm: ({ live }) => live.host.faults.stepfunctions.loseStart({ times: 10, effect }),
  strike: async ({ live }) => live.host.faults.stepfunctions.clear(),
});

/** Struck by whoever runs the host as a process of its own. */
const killed = (name: string, when: 'before' | 'after'): Fault => ({
  name,
  arm: (bench, call) => rule(bench, call, { effect: 'hang', when }),
});

export const faults = {
  cutBefore: atGateway('connection cut before the effect', { effect: 'failBefore' }),
  cutAfter: atGateway('connection cut after the effect', { effect: 'failAfter' }),
  secondCutAfter: atGateway('connection cut after the effect of the second call', { effect: 'failAfter', match: { nth: 2 } }),
  cutBeforeLasting: lastingAtGateway('connection cut before the effect, each time', { effect: 'failBefore' }),
  cutAfterLasting: lastingAtGateway('connection cut after the effect, each time', { effect: 'failAfter' }),
  secondCutBeforeLasting: lastingAtGateway('connection cut before the effect of all calls but the first', {
    effect: 'failBefore',
    match: { nth: 2 },
  }),
  hangBefore: hanging('no answer in time, no effect', 'before'),
  hangAfter: hanging('no answer in time, but the effect', 'after'),
  garbageBefore: atGateway('a proxy’s page instead of an answer, no effect', { effect: 'garbage', when: 'before' }),
  garbageAfter: atGateway('a proxy’s page instead of an answer, but the effect', { effect: 'garbage', when: 'after' }),
  brokenJson: atGateway('half an answer, but the effect', { effect: 'garbage', when: 'after', garbage: 'invalidJson' }),
  emptyLasting: lastingAtGateway('empty answers with status 502, each time', {
    effect: 'garbage',
    when: 'before',
    garbage: 'empty',
    status: 502,
  }),
  refused: atGateway('refused by the array', { effect: 'error', error: { errorCode: 191 } }),
  secondRefused: atGateway('refused by the array at the second call', { effect: 'error', error: { errorCode: 191 }, match: { nth: 2 } }),
  unknownRefusalAfter: lastingAtGateway('refused with an unknown code after the effect, each time', {
    effect: 'error',
    when: 'after',
    error: { errorCode: 9999 },
  }),
  busyForAWhile: atGateway('the array is busy, five times', { effect: 'error', error: { errorCode: 164 }, times: 5 }),
  driverDiesBefore: dying('driver function dies before the effect', 'driver', 'before'),
  driverDiesAfter: dying('driver function dies after the effect', 'driver', 'after'),
  controlDiesBefore: dying('control function dies before the effect', 'control', 'before'),
  controlDiesAfter: dying('control function dies after the effect', 'control', 'after'),
  goneFromStart: { name: 'gateway gone from the start, until it is back', arm: (bench) => goesAway(bench), lasts: true },
  goneBefore: { ...hanging('gateway gone before the effect, until it is back', 'before', goesAway), lasts: true },
  goneAfter: { ...hanging('gateway gone after the effect, until it is back', 'after', goesAway), lasts: true },
  throttledBriefly: throttled('store throttled, three times', 3),
  throttledLong: throttled('store throttled beyond the patience of one attempt', 30),
  conflict: inStore('transaction conflict, three times', 3, ({ live, stored }) =>
    live.host.faults.dynamodb.conflict({ table: stored.nameOf('Tasks'), times: 3 }),
  ),
  commitLost: writeLost('answer of the step’s own write is lost', 1),
  commitLostOften: writeLost('answer of the step’s own write is lost beyond the patience of one attempt', 6),
  startLostBefore: startLost('start lost, execution not started', 'before'),
  startLostAfter: startLost('start lost, execution started', 'after'),
  killedBefore: killed('host killed before the effect, then started again', 'before'),
  killedAfter: killed('host killed after the effect, then started again', 'after'),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
