import type { Row, Write } from '../change.ts';
import { type Author, changed } from '../inventory/changes.ts';
import { fromRow, typeOf } from '../inventory/resource.ts';
import { hostSchema, initiatorSchema, poolSchema, portSchema, systemSchema } from '../inventory/schemas.ts';

const schemas = {
  StorageSystem: systemSchema,
  StoragePool: poolSchema,
  StoragePort: portSchema,
  Host: hostSchema,
  Initiator: initiatorSchema,
} as const;

const isDiscovered = (type: string): type is keyof typeof schemas => type in schemas;

/** How many are not there that were there before, of how many that are known; over all kinds. */
export interface Census {
  readonly missing: number;
  readonly known: number;
}

/** More than this newly missing at once is taken for a fault of the view, not of the array. */
const mostNewlyMissing = (known: number): number => Math.max(10, Math.floor(known * 0.05));

/** Why nothing is aged; undefined when that may be. `accepted`: so many missing an administrator takes for true. */
export const ageingRefusal = ({ missing, known }: Census, accepted = 0): string | undefined => {
  const limit = Math.max(mostNewlyMissing(known), accepted);
  return missing > limit ? `${missing} of ${known} known objects are missing at once; more than ${limit} are not aged` : undefined;
};

/** What was known and visible and was not found. */
export const missingOf = (known: readonly Row[], foundIds: ReadonlySet<string>): Row[] =>
  known.filter((row) => row['inactive'] !== true && row['visibility'] === 'visible' && !foundIds.has(row.pk));

/**
 * Marks as `not-visible` what a complete discovery did not find, one transaction's worth each. It keeps everything else; discovery never
 * removes.
 */
export const age = (missing: readonly Row[], author: Author): Write[][] =>
  missing.flatMap((row) => {
    const type = typeOf({ id: row.pk });
    if (!isDiscovered(type)) return [];
    return [changed(fromRow(schemas[type], row), { visibility: 'not-visible', notVisibleSince: author.at }, { author })];
  });
