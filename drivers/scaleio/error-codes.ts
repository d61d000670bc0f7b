import type { DriverErrorOptions, DriverOutcome } from '../sdk/errors.ts';

export interface Meaning {
  code: DriverErrorOptions['code'];
  /** Of a read, and of a change unless told otherwise. */
  outcome: DriverOutcome;
  changing?: DriverOutcome;
}

const rejected = (code: Meaning['code']): Meaning => ({ code, outcome: 'DriverRejected' });
const missing = rejected('object.missing');
const inUse = rejected('object.inUse');
const limit = rejected('limit.exceeded');
const space = rejected('space.exhausted');
const invalid = rejected('request.invalid');
const refused = rejected('array.refused');
const forbidden = rejected('credentials.refused');
const nameTaken = rejected('object.foreign');
/** The array did not take the call up. */
const busy: Meaning = { code: 'array.busy', outcome: 'DriverBusy' };
/** Between a gateway and a management cluster that fails over: a change may have arrived. */
const failingOver: Meaning = { code: 'array.busy', outcome: 'DriverBusy', changing: 'DriverUncertain' };
/** Goes on inside the array. */
const underWay: Meaning = { code: 'array.busy', outcome: 'DriverUnfinished' };

/** By the number of the array's management; numbers that are not here were published by nobody. */
export const meanings: ReadonlyMap<number, Meaning> = new Map([
  [3, missing],
  [28, busy],
  [32, failingOver],
  [67, limit],
  [68, failingOver],
  [69, failingOver],
  [70, busy],
  [78, missing],
  [79, missing],
  [80, missing],
  [81, inUse],
  [82, inUse],
  [83, inUse],
  [84, missing],
  [86, inUse],
  [87, limit],
  [88, missing],
  [90, missing],
  [96, limit],
  [97, limit],
  [99, nameTaken],
  [103, nameTaken],
  [104, inUse],
  [105, busy],
  [133, invalid],
  [141, nameTaken],
  [142, missing],
  [143, inUse],
  [145, underWay],
  [164, busy],
  [166, refused],
  [168, forbidden],
  [171, missing],
  [173, nameTaken],
  [174, missing],
  [176, inUse],
  [180, inUse],
  [181, limit],
  [182, limit],
  [183, invalid],
  [185, missing],
  [190, limit],
  [191, space],
  [196, inUse],
  [197, invalid],
  [198, invalid],
  [212, underWay],
  [225, invalid],
  [226, invalid],
  [227, invalid],
  [247, forbidden],
  [248, busy],
  [252, busy],
  [265, missing],
  [286, limit],
  [294, limit],
  [297, inUse],
  [298, inUse],
  [300, space],
  [314, space],
  [315, inUse],
  [322, refused],
  [330, invalid],
  [337, space],
  [717, busy],
  [718, invalid],
  [4039, invalid],
]);
