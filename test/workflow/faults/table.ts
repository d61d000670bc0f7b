import { type FaultName, faults, type StepCall } from './faults.ts';

/**
 * How an order ends. `ready`: carried out. `error`: taken back, nothing of it is left. `repaired`: needs repair while the fault lasts,
 * then taken back by itself. `settled`: needs repair while the fault lasts, then the record follows the array, and the order is ready.
 * `followed`: as `settled`, but only part of the order was carried out, which is an error. `partly`: an error at once, with what was carried
 * out on record.
 */
export type End = 'ready' | 'error' | 'repaired' | 'settled' | 'followed' | 'partly';

export interface Row {
  readonly workflow: WorkflowName;
  readonly step: string;
  readonly call: StepCall;
  readonly fault: FaultName;
  readonly end: End;
}

export type WorkflowName = 'volume-create' | 'export-create' | 'volume-expand' | 'volume-delete' | 'export-update' | 'export-delete';

type Ends = Partial<Record<FaultName, End | undefined>>;

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
  killedBefore: 'ready',
  killedAfter: 'ready',
};

const single: Ends = {
  cutBeforeLasting: 'error',
  emptyLasting: 'error',
  refused: 'error',
  goneBefore: 'repaired',
  goneAfter: 'repaired',
};

/** Several effects in one step. */
const undoable: Ends = { ...harmless, ...single, secondCutAfter: 'ready', secondRefused: 'error', secondCutBeforeLasting: 'error' };

/** A read has no effect: what fails for good ends the order before anything was done. */
const reading: Ends = {
  ...harmless,
  killedBefore: undefined,
  cutAfterLasting: 'error',
  unknownRefusalAfter: 'error',
  garbageBefore: 'ready',
  cutBeforeLasting: 'error',
  refused: 'error',
  goneBefore: 'error',
};

/** After a failure the array is read once more, which fails as well while the fault lasts. */
const readingThenLooking: Ends = {
  ...reading,
  cutAfterLasting: 'repaired',
  unknownRefusalAfter: 'repaired',
  cutBeforeLasting: 'repaired',
  goneBefore: 'repaired',
  goneFromStart: 'repaired',
};

/** Without an inverse: what came to be stays, and the record follows. */
const forward: Ends = {
  ...harmless,
  cutBeforeLasting: 'error',
  emptyLasting: 'error',
  refused: 'error',
  goneFromStart: 'repaired',
  goneBefore: 'repaired',
  goneAfter: 'settled',
};

/** The undo of what was mapped unmaps too, so it waits for the same fault to end. */
const removalsLast: Ends = {
  cutBeforeLasting: 'repaired',
  emptyLasting: 'repaired',
  refused: 'partly',
  goneFromStart: undefined,
  goneAfter: 'followed',
};

const starts: Ends = { startLostBefore: 'ready', startLostAfter: 'ready' };

interface StepFaults {
  readonly step: string;
  readonly verb: string;
  readonly storedBy: StepCall['storedBy'];
  readonly ends: Ends;
}

const readExports: StepFaults = {
  step: 'ReadExports',
  verb: 'read',
  storedBy: 'UpdateItem',
  ends: { ...starts, ...reading, goneFromStart: 'error' },
};

const table: Readonly<Record<WorkflowName, readonly StepFaults[]>> = {
  'volume-create': [
    { step: 'EnsureVolumes', verb: 'create', storedBy: 'TransactWriteItems', ends: { ...starts, ...undoable, goneFromStart: 'repaired' } },
  ],
  'export-create': [readExports, { step: 'EnsureExports', verb: 'addMappedSdc', storedBy: 'TransactWriteItems', ends: undoable }],
  'volume-expand': [{ step: 'ExpandVolumes', verb: 'setVolumeSize', storedBy: 'TransactWriteItems', ends: { ...starts, ...forward } }],
  'volume-delete': [{ step: 'EnsureVolumesAbsent', verb: 'removeVolume', storedBy: 'TransactWriteItems', ends: { ...starts, ...forward } }],
  'export-update': [
    { ...readExports, ends: { ...starts, ...readingThenLooking } },
    { step: 'EnsureExports', verb: 'addMappedSdc', storedBy: 'UpdateItem', ends: { ...harmless, ...single } },
    {
      step: 'EnsureExportsAbsent',
      verb: 'removeMappedSdc',
      storedBy: 'TransactWriteItems',
      ends: { ...forward, ...removalsLast },
    },
  ],
  'export-delete': [
    { step: 'EnsureExportsAbsent', verb: 'removeMappedSdc', storedBy: 'TransactWriteItems', ends: { ...starts, ...forward } },
  ],
};

const isFault = (name: string): name is FaultName => name in faults;

/** Every row that is tested, in order. */
export const rowsOf = (workflow: WorkflowName): readonly Row[] =>
  table[workflow].flatMap(({ step, verb, storedBy, ends }) =>
    Object.entries(ends).flatMap(([fault, end]) =>
      isFault(fault) && end !== undefined ? [{ workflow, step, call: { verb, storedBy }, fault, end }] : [],
    ),
  );

export const workflows = Object.keys(table) as readonly WorkflowName[];

const isKill = ({ fault }: Row): boolean => fault === 'killedBefore' || fault === 'killedAfter';

/** Of one workflow, with the host in the process of the test. */
export const rowsInProcess = (workflow: WorkflowName): readonly Row[] => rowsOf(workflow).filter((row) => !isKill(row));

export const killRows: readonly Row[] = workflows.flatMap((workflow) => rowsOf(workflow).filter(isKill));

export const endTexts: Record<End, string> = {
  ready: 'carried out',
  error: 'taken back, nothing left',
  repaired: 'needs repair while it lasts, then taken back by itself',
  settled: 'needs repair while it lasts, then recorded as carried out',
  followed: 'needs repair while it lasts, then an error, recorded as the array has it',
  partly: 'carried out but for that, recorded as the array has it',
};

export const titleOf = ({ step, fault, end }: Row): string => `${step}, ${faults[fault].name}: ${endTexts[end]}`;
