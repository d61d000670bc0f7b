import { type FaultName, faults, type StepCall } from './faults.ts';

/**
 * How an order ends. `ready`: carried out. `error`: taken back, nothing of it is left. `repaired`: needs repair while the fault lasts,
 * then taken back by itself. `settled`: needs repair while the fault lasts, then the record follows the array, and the order is ready.
 */
export type End = 'ready' | 'error' | 'repaired' | 'settled';

export interface Row {
  readonly workflow: WorkflowName;
  readonly step: string;
  readonly call: StepCall;
  readonly fault: FaultName;
  readonly end: End;
}

export type WorkflowName = 'volume-create' | 'export-create' | 'volume-expand' | 'volume-delete' | 'export-update' | 'export-delete';

type Ends = Partial<Record<FaultName, End>>;

const harmless: Ends = {
  cutBefore: 'ready',
  cutAfter: 'ready',
  cutAfterLasting: 'ready',
  hangBefore: 'ready',
  hangAfter: 'ready',
  garbageBefore: 'ready',
  garbageAfter: 'ready',
  brokenJson: 'ready',
  busyForAWhile: 'ready',
  driverDiesBefore: 'ready',
  driverDiesAfter: 'ready',
  controlDiesBefore: 'ready',
  controlDiesAfter: 'ready',
  throttledBriefly: 'ready',
  throttledLong: 'ready',
  conflict: 'ready',
  commitLost: 'ready',
  commitLostOften: 'ready',
  unknownRefusalAfter: 'ready',
};

const undoable: Ends = {
  ...harmless,
  cutBeforeLasting: 'error',
  emptyLasting: 'error',
  refused: 'error',
  secondCutAfter: 'ready',
  secondRefused: 'error',
  secondCutBeforeLasting: 'error',
  goneBefore: 'repaired',
  goneAfter: 'repaired',
};

/** A read has no effect: what fails for good ends the order before anything was done. */
const reading: Ends = {
  ...harmless,
  cutAfterLasting: 'error',
  unknownRefusalAfter: 'error',
  garbageBefore: 'ready',
  cutBeforeLasting: 'error',
  refused: 'error',
  goneBefore: 'error',
};

const starts: Ends = { startLostBefore: 'ready', startLostAfter: 'ready' };

interface StepFaults {
  readonly workflow: WorkflowName;
  readonly step: string;
  readonly call: StepCall;
  readonly ends: Ends;
}

const table: readonly StepFaults[] = [
  {
    workflow: 'volume-create',
    step: 'EnsureVolumes',
    call: { verb: 'create', storedBy: 'TransactWriteItems' },
    ends: { ...starts, ...undoable, goneFromStart: 'repaired' },
  },
  {
    workflow: 'export-create',
    step: 'ReadExports',
    call: { verb: 'read', storedBy: 'UpdateItem' },
    ends: { ...starts, ...reading, goneFromStart: 'error' },
  },
  {
    workflow: 'export-create',
    step: 'EnsureExports',
    call: { verb: 'addMappedSdc', storedBy: 'TransactWriteItems' },
    ends: undoable,
  },
];

const isFault = (name: string): name is FaultName => name in faults;

/** Every row that is tested, in order. */
export const rows: readonly Row[] = table.flatMap(({ ends, ...step }) =>
  Object.entries(ends).flatMap(([fault, end]) => (isFault(fault) ? [{ ...step, fault, end }] : [])),
);

export const rowsOf = (workflow: WorkflowName): readonly Row[] => rows.filter((row) => row.workflow === workflow);

const endTexts: Record<End, string> = {
  ready: 'carried out',
  error: 'taken back, nothing left',
  repaired: 'needs repair while it lasts, then taken back by itself',
  settled: 'needs repair while it lasts, then recorded as the array has it',
};

export const titleOf = ({ step, fault, end }: Row): string => `${step}, ${faults[fault].name}: ${endTexts[end]}`;
