import { laneTable, withoutSlow } from './lane-table.ts';
import { type Ends, type Row, rowsOfSteps, type StepFaults, type WorkflowName } from './rows.ts';

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

/**
 * The additions before them are all there and stay: hosts may use them. What is left is each removal by itself, never taken back, so that
 * the order is carried out, or an error that says what was not removed.
 */
const removalsLast: Ends = {
  cutBeforeLasting: 'partly',
  emptyLasting: 'partly',
  refused: 'partly',
  goneFromStart: undefined,
  goneBefore: 'followed',
};

const starts: Ends = { startLostBefore: 'ready', startLostAfter: 'ready' };

const by = (verb: string, storedBy: StepFaults['call']['storedBy'] = 'TransactWriteItems'): StepFaults['call'] => ({
  match: { verb },
  storedBy,
});

const readExports: StepFaults = {
  step: 'ReadExports',
  call: by('read', 'UpdateItem'),
  ends: { ...starts, ...reading, goneFromStart: 'error' },
};

/** Of a step that ends with a transaction. */
const committing: Ends = { controlDiesWriting: 'ready' };

const listOfHosts = { path: '/types/Sdc/' };

/** Of what the discovery found; the write before the one that ends it. */
const storingFound: Ends = {
  throttledBriefly: 'ready',
  throttledLong: 'ready',
  conflict: 'ready',
  commitLost: 'ready',
  commitLostOften: 'ready',
};

/** Every step on the way forward, in order. */
const table: Readonly<Record<WorkflowName, readonly StepFaults[]>> = {
  'discover-provider': [
    {
      step: 'DiscoverProvider',
      call: { match: listOfHosts, storedBy: 'TransactWriteItems' },
      ends: { ...starts, ...reading, ...committing, emptyLasting: 'error', goneFromStart: 'error', goneAfter: 'error' },
    },
    {
      step: 'DiscoverProvider',
      part: 'what was found',
      call: { match: listOfHosts, storedBy: 'TransactWriteItems', table: 'Inventory' },
      ends: storingFound,
    },
  ],
  'volume-create': [
    { step: 'EnsureVolumes', call: by('create'), ends: { ...starts, ...undoable, ...committing, goneFromStart: 'repaired' } },
  ],
  'export-create': [readExports, { step: 'EnsureExports', call: by('addMappedSdc'), ends: { ...undoable, ...committing } }],
  'volume-expand': [{ step: 'ExpandVolumes', call: by('setVolumeSize'), ends: { ...starts, ...forward, ...committing } }],
  'volume-delete': [{ step: 'EnsureVolumesAbsent', call: by('removeVolume'), ends: { ...starts, ...forward, ...committing } }],
  'export-update': [
    readExports,
    { step: 'EnsureExports', call: by('addMappedSdc', 'UpdateItem'), ends: { ...harmless, ...single } },
    { step: 'EnsureExportsAbsent', call: by('removeMappedSdc'), ends: { ...forward, ...removalsLast, ...committing } },
  ],
  'export-delete': [{ step: 'EnsureExportsAbsent', call: by('removeMappedSdc'), ends: { ...starts, ...forward, ...committing } }],
  'orphan-delete': [
    {
      step: 'EnsureOrphansAbsent',
      call: by('removeVolume'),
      ends: { ...starts, ...withoutSlow(forward), ...committing, refused: 'kept' },
    },
  ],
};

/** Every row that is tested, in order. */
export const rowsOf = (workflow: WorkflowName): readonly Row[] => rowsOfSteps(workflow, [...table[workflow], ...laneTable[workflow]]);

export const workflows = Object.keys(table) as readonly WorkflowName[];

const isKill = ({ fault }: Row): boolean => fault === 'killedBefore' || fault === 'killedAfter';

/** Of one workflow, with the host in the process of the test. */
export const rowsInProcess = (workflow: WorkflowName): readonly Row[] => rowsOf(workflow).filter((row) => !isKill(row));

export const killRows: readonly Row[] = workflows.flatMap((workflow) => rowsOf(workflow).filter(isKill));
