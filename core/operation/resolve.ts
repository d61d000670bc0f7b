/**
 * What an operator may decide of an operation that needs repair, once the array was looked at afresh. `accept`: what the array has becomes
 * the record. `release`: the record is forgotten and the array left as it is. `discard`: what is left is removed, under the conditions
 * of every automatic removal.
 */
export const resolutions = ['accept', 'release', 'discard'] as const;
export type Resolution = (typeof resolutions)[number];

const keepsRecord =
  'what it worked on was there before and stays on record; accept what the array has, then delete or release that by itself';

/** Combinations that make no sense, by workflow. */
const senseless: Readonly<Record<string, Partial<Record<Resolution, string>>>> = {
  'volume-expand': { release: keepsRecord, discard: 'a volume is never made smaller, so there is nothing to remove' },
  'export-update': { release: keepsRecord },
};

const unresolvable: Readonly<Record<string, string>> = {
  'orphan-delete': 'what it removes is on no record; resume looks at the array again',
};

const resolvable = ['volume-create', 'volume-expand', 'volume-delete', 'export-create', 'export-update', 'export-delete'];

/** Why operations of this workflow cannot be resolved so; undefined when they can. */
export const resolutionRefusal = (workflow: string, how: Resolution): string | undefined =>
  resolvable.includes(workflow)
    ? senseless[workflow]?.[how]
    : (unresolvable[workflow] ?? 'its workflow leaves nothing on the array; resume takes it back');

/** What the resolution will do, for whoever asks for the plan. */
export const resolutionTexts: Readonly<Record<Resolution, string>> = {
  accept: 'looks at the array and takes what is there as the record; nothing on the array is changed',
  release: 'looks at the array, then forgets the record and gives its capacity back; whatever is on the array stays',
  discard: 'removes what the operation left on the array, if it is surely its own, then takes the record back',
};
