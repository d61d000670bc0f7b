import type { FaultRuleInput } from '../../../drivers/scaleio/simulator/faults.ts';
import type { End, Ends, Lane, StepFaults, WorkflowName } from './rows.ts';

/** The same end whatever strikes a step of the lane: what is tried again, or found by looking. */
const each = (end: End, faults: readonly (keyof Ends)[]): Ends => Object.fromEntries(faults.map((fault) => [fault, end]));

const calls = ['hangBefore', 'garbageBefore', 'cutBefore', 'driverDiesBefore', 'controlDiesBefore', 'killedBefore'] as const;
const effects = ['hangAfter', 'garbageAfter', 'cutAfter', 'driverDiesAfter', 'controlDiesAfter', 'killedAfter'] as const;
const writes = ['throttledLong', 'conflict', 'commitLost', 'commitLostOften'] as const;
const killedWriting = ['killedBefore', 'killedAfter', 'controlDiesWriting'] as const;

const refusal: FaultRuleInput = { effect: 'error', error: { errorCode: 191 } };

/** Of a workflow with an array: which call is held, which takes back what was made, and whether the array is looked at in the end. */
interface LaneShape {
  readonly held: Lane['held'];
  /** Whose call is held. */
  readonly last: string;
  readonly undo?: { readonly step: string; readonly verb: string };
  readonly look?: true;
  /** The call by which it looks; `read` if absent. */
  readonly reads?: string;
}

const read = { verb: 'read' } as const;
const update = 'UpdateItem';
const transaction = 'TransactWriteItems';

const undoSteps = ({ held, undo }: LaneShape): readonly StepFaults[] => {
  if (undo === undefined) return [];
  const call = { match: { verb: undo.verb }, storedBy: update } as const;
  const briefRefused = { from: 'held', rule: { ...refusal, match: { verb: undo.verb } } } as const;
  return [
    {
      step: `Undo${undo.step}`,
      call,
      lane: { held, setAt: 'held' },
      ends: { ...each('error', [...calls, ...effects, 'refused']), goneBefore: 'repaired' },
    },
    {
      step: `Undo${undo.step}Again`,
      call,
      lane: { held, setAt: 'grace', companion: briefRefused },
      ends: { ...each('error', [...calls, ...effects]), goneAfter: 'repaired' },
    },
  ];
};

/** Whether the held call had its effect or not, the record is set to what is found. */
const lookSteps = ({ held, undo, look, reads = 'read' }: LaneShape): readonly StepFaults[] => {
  if (look === undefined) return [];
  const when = undo === undefined ? 'after' : 'before';
  const end = when === 'after' ? 'ready' : 'error';
  const call = { match: { verb: reads }, storedBy: update } as const;
  const step = { step: 'Look', call, lane: { held: { ...held, when }, setAt: 'grace' } } as const;
  const lasting = when === 'after' ? 'settled' : 'repaired';
  return [{ ...step, ends: { ...each(end, [...calls, ...writes]), goneBefore: lasting, refused: lasting } }];
};

const lateRun = ({ held, last }: LaneShape): StepFaults => ({
  step: last,
  call: { match: read, storedBy: transaction },
  lane: { held, setAt: 'grace' },
  ends: { runsLate: 'error' },
});

const needsRepair = ({ held, undo }: LaneShape): StepFaults => ({
  step: 'MarkNeedsRepair',
  call: { match: read, storedBy: transaction },
  lane: {
    held,
    setAt: undo === undefined ? 'grace' : 'held',
    companion: {
      from: undo === undefined ? 'grace' : 'held',
      rule: { ...refusal, times: 'always', match: undo === undefined ? read : { verb: undo.verb } },
    },
  },
  ends: each('repaired', [...writes, 'killedAfter', 'controlDiesWriting', 'startLostBefore', 'startLostAfter']),
});

const storeSteps = ({ held }: Pick<LaneShape, 'held'>): readonly StepFaults[] => [
  {
    step: 'RecordFailure',
    call: { match: read, storedBy: update },
    lane: { held, setAt: 'held' },
    ends: each('error', [...writes, 'killedBefore']),
  },
  {
    step: 'RollBack',
    call: { match: read, storedBy: transaction },
    lane: { held, setAt: 'held' },
    ends: each('error', [...writes, ...killedWriting]),
  },
];

const laneOf = (shape: LaneShape): readonly StepFaults[] => {
  const [recordFailure, rollBack] = storeSteps(shape);
  const known = [recordFailure, ...undoSteps(shape), ...lookSteps(shape), lateRun(shape), rollBack, needsRepair(shape)];
  return known.filter((step) => step !== undefined);
};

const held = (verb: string, nth = 1): Lane['held'] => ({ match: { verb, nth }, when: 'before' });

/** Without what only takes longer. */
export const withoutSlow = ({ throttledLong, commitLostOften, ...others }: Ends): Ends => others;

const quick = (steps: readonly StepFaults[]): StepFaults[] =>
  steps.map(({ ends: { controlDiesWriting, ...ends }, ...step }) => ({ ...step, ends: withoutSlow(ends) }));

/** The steps behind a failure, in their order. */
export const laneTable: Readonly<Record<WorkflowName, readonly StepFaults[]>> = {
  'discover-provider': storeSteps({ held: { match: { path: '/types/Sdc/' }, when: 'before' } }),
  'volume-create': laneOf({ last: 'EnsureVolumes', held: held('create', 2), undo: { step: 'EnsureVolumes', verb: 'removeVolume' } }),
  'export-create': laneOf({
    last: 'EnsureExports',
    held: held('addMappedSdc', 2),
    undo: { step: 'EnsureExports', verb: 'removeMappedSdc' },
  }),
  'volume-expand': laneOf({ last: 'ExpandVolumes', held: held('setVolumeSize'), look: true }),
  'volume-delete': laneOf({ last: 'EnsureVolumesAbsent', held: held('removeVolume'), look: true }),
  'export-update': laneOf({
    last: 'EnsureExportsAbsent',
    held: held('removeMappedSdc'),
    undo: { step: 'EnsureExports', verb: 'removeMappedSdc' },
    look: true,
  }),
  'export-delete': laneOf({ last: 'EnsureExportsAbsent', held: held('removeMappedSdc'), look: true }),
  'orphan-delete': quick(laneOf({ last: 'EnsureOrphansAbsent', held: held('removeVolume'), look: true, reads: 'queryIdByKey' })),
};
