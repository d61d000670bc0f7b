import type { FaultRuleInput } from '../../../drivers/scaleio/simulator/faults.ts';
import type { FaultMatch, Faults as StoreFaults } from '../../../local/dynamodb/faults.ts';
import type { Bench } from './bench.ts';

/** What goes wrong with one step. It strikes the step's call of the gateway, or the write that ends the step. */
export interface Fault {
  readonly name: string;
  /** What the gateway does with the call. */
  readonly gateway?: FaultRuleInput;
  /** Not only the step's own call. */
  readonly isOfAnyCall?: true;
  /** While the gateway holds the call. */
  readonly meanwhile?: (bench: Bench) => void | Promise<void>;
  /** What the store does with the write. */
  readonly store?: (faults: StoreFaults, write: FaultMatch) => void;
  /** How many requests to the store it strikes at most; `untilRetried`: all, until the state machine tries the step again. */
  readonly times?: number | 'untilRetried';
  /** Goes on until somebody ends it. */
  readonly lasts?: true;
  /** Who held a slot of the array is no more: its lease runs out. */
  readonly leavesSlot?: true;
  /** StartExecution's answer is lost, and with `before` its effect as well. */
  readonly startLost?: 'before' | 'after';
  /** The function dies while the store holds its transaction. */
  readonly diesInTransaction?: true;
  /** A run of the step that comes late, when the order is being taken back already. */
  readonly runsLate?: true;
  /** The whole host; struck by whoever runs it as a process of its own. */
  readonly kills?: 'before' | 'after';
}

const atGateway = (name: string, gateway: FaultRuleInput): Fault => ({ name, gateway });

const lastingAtGateway = (name: string, gateway: FaultRuleInput): Fault => ({
  name,
  gateway: { ...gateway, times: 'always' },
  lasts: true,
});

const crash = (which: 'control' | 'driver') => (bench: Bench) => bench.live.host.lambdas.crash(bench.functions[which]);

/** The gateway holds the call until its time is out. */
const hanging = (name: string, when: 'before' | 'after', meanwhile?: Fault['meanwhile']): Fault => ({
  name,
  gateway: { effect: 'hang', when },
  ...(meanwhile ? { meanwhile } : {}),
});

const away: FaultRuleInput = { effect: 'failBefore', times: 'always' };
const goesAway = (bench: Bench): void => bench.array.simulator.addFault(away);

const throttle: NonNullable<Fault['store']> = (faults, write) => faults.throttle(write);
const conflict: NonNullable<Fault['store']> = (faults, { table, times }) => faults.conflict({ ...(table ? { table } : {}), times });
const loseAnswer: NonNullable<Fault['store']> = (faults, write) => faults.failAfter(write);

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
  driverDiesBefore: hanging('driver function dies before the effect', 'before', crash('driver')),
  driverDiesAfter: hanging('driver function dies after the effect', 'after', crash('driver')),
  controlDiesBefore: { ...hanging('control function dies before the effect', 'before', crash('control')), leavesSlot: true },
  controlDiesAfter: { ...hanging('control function dies after the effect', 'after', crash('control')), leavesSlot: true },
  goneFromStart: { name: 'gateway gone from the start, until it is back', gateway: away, isOfAnyCall: true, lasts: true },
  goneBefore: { ...hanging('gateway gone before the effect, until it is back', 'before', goesAway), lasts: true },
  goneAfter: { ...hanging('gateway gone after the effect, until it is back', 'after', goesAway), lasts: true },
  throttledBriefly: { name: 'store throttled, three times', store: throttle, times: 3 },
  throttledLong: { name: 'store throttled beyond the patience of one attempt', store: throttle, times: 'untilRetried' },
  conflict: { name: 'transaction conflict, three times', store: conflict, times: 3 },
  commitLost: { name: 'answer of the step’s own write is lost', store: loseAnswer, times: 1 },
  commitLostOften: {
    name: 'answer of the step’s own write is lost beyond the patience of one attempt',
    store: loseAnswer,
    times: 'untilRetried',
  },
  controlDiesWriting: { name: 'control function dies while the store holds its transaction', diesInTransaction: true },
  runsLate: { name: 'run once more while the order is taken back', runsLate: true },
  startLostBefore: { name: 'start lost, execution not started', startLost: 'before' },
  startLostAfter: { name: 'start lost, execution started', startLost: 'after' },
  killedBefore: { name: 'host killed before the effect, then started again', kills: 'before' },
  killedAfter: { name: 'host killed after the effect, then started again', kills: 'after' },
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;
