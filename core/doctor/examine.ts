import type { Author } from '../inventory/changes.ts';
import { type ArrayView, arrayFindings } from './arrays.ts';
import { capacityFindings } from './capacity.ts';
import type { Estate } from './estate.ts';
import { exportFindings } from './exports.ts';
import { type Finding, sameFinding } from './finding.ts';
import { listingFindings } from './listings.ts';
import { lockFindings } from './locks.ts';
import { nativeFindings } from './natives.ts';
import { type Moment, operationFindings } from './operations.ts';
import { quotaFindings } from './quotas.ts';
import { referenceFindings } from './references.ts';
import { slotFindings } from './slots.ts';
import { tombstoneFindings } from './tombstones.ts';

export interface Examination {
  readonly estate: Estate;
  readonly moment: Moment;
  /** Who is to have made the repairs. */
  readonly author: Author;
  readonly arrays: readonly ArrayView[];
}

const compared = ({ estate, moment, author, arrays }: Examination): Finding[] => [
  ...operationFindings(estate, moment),
  ...lockFindings(estate),
  ...slotFindings(estate, moment.nowMs),
  ...capacityFindings(estate, author),
  ...quotaFindings(estate, author),
  ...listingFindings(estate),
  ...nativeFindings(estate),
  ...exportFindings(estate),
  ...tombstoneFindings(estate),
  ...referenceFindings(estate),
  ...arrays.flatMap((view) => arrayFindings(estate, view)),
];

/** All that is not as it must be. While a row cannot be read nothing is repaired: what seems to belong to nobody may belong to that. */
export const examine = (examination: Examination): Finding[] => {
  const { unreadable } = examination.estate;
  const findings = compared(examination);
  if (unreadable.length === 0) return findings;
  return [...unreadable, ...findings.map(({ repair: _, ...finding }) => finding)];
};

/** The rows are read while work goes on: only what a second look finds again is so. The second look's repairs are the fresher. */
export const confirmed = (first: readonly Finding[], second: readonly Finding[]): Finding[] =>
  second.filter((finding) => first.some((earlier) => sameFinding(earlier, finding)));
