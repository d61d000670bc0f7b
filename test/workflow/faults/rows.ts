import type { TableName } from '../../../core/change.ts';
import type { FaultRuleInput } from '../../../drivers/scaleio/simulator/faults.ts';
import { type FaultName, faults } from './faults.ts';

/**
 * How an order ends. `ready`: carried out. `error`: taken back, nothing of it is left. `repaired`: needs repair while the fault lasts,
 * then taken back by itself. `settled`: needs repair while the fault lasts, then the record follows the array, and the order is ready.
 * `followed`: as `settled`, but only part of the order was carried out, which is an error. `partly`: an error at once, with what was carried
 * out on record. `kept`: an error at once, which stands on record and is not tried again.
 */
export type End = 'ready' | 'error' | 'repaired' | 'settled' | 'followed' | 'partly' | 'kept';

export type WorkflowName =
  | 'discover-provider'
  | 'volume-create'
  | 'export-create'
  | 'volume-expand'
  | 'volume-delete'
  | 'export-update'
  | 'export-delete'
  | 'orphan-delete';

/** The gateway's call by which a step does its work, and the write that ends the step. */
export interface StepCall {
  readonly match: NonNullable<FaultRuleInput['match']>;
  readonly storedBy: 'TransactWriteItems' | 'UpdateItem';
  /** Of that write; Tasks if absent. */
  readonly table?: TableName;
}

/** How an order comes into the failure lane before the fault strikes there: it is cancelled while the gateway holds a call of it. */
export interface Lane {
  readonly held: { readonly match: StepCall['match']; readonly when: 'before' | 'after' };
  /** The fault is set then, or only in the pause between the two undos, before the states behind it. */
  readonly setAt: 'held' | 'grace';
  /** Beside the fault, from one of these moments on. */
  readonly companion?: { readonly from: 'held' | 'grace'; readonly rule: FaultRuleInput };
}

export interface Row {
  readonly workflow: WorkflowName;
  /** As the state machine names it. */
  readonly step: string;
  readonly call: StepCall;
  readonly fault: FaultName;
  readonly end: End;
  /** Of a step behind a failure. */
  readonly lane?: Lane;
  /** Which of several writes of the step. */
  readonly part?: string;
}

export type Ends = Partial<Record<FaultName, End | undefined>>;

/** A step of the table, and how it ends with each fault. */
export interface StepFaults extends Pick<Row, 'step' | 'call' | 'lane' | 'part'> {
  readonly ends: Ends;
}

const isFault = (name: string): name is FaultName => name in faults;

export const rowsOfSteps = (workflow: WorkflowName, steps: readonly StepFaults[]): readonly Row[] =>
  steps.flatMap(({ ends, ...step }) =>
    Object.entries(ends).flatMap(([fault, end]) => (isFault(fault) && end !== undefined ? [{ ...step, workflow, fault, end }] : [])),
  );

export const endTexts: Record<End, string> = {
  ready: 'carried out',
  error: 'taken back, nothing left',
  repaired: 'needs repair while it lasts, then taken back by itself',
  settled: 'needs repair while it lasts, then recorded as carried out',
  followed: 'needs repair while it lasts, then an error, recorded as the array has it',
  partly: 'carried out but for that, recorded as the array has it',
  kept: 'an error that says why; it stays on the array and is not tried again',
};

export const stepTextOf = ({ step, part, lane }: Row): string =>
  `${step}${part === undefined ? '' : `, ${part}`}${lane?.held.when === 'after' ? ', after the effect' : ''}`;

export const titleOf = (row: Row): string => `${stepTextOf(row)}, ${faults[row.fault].name}: ${endTexts[row.end]}`;
