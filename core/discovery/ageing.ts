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

/** More than this newly missing at once is taken for a fault of the view, not of the array. */
const mostNewlyMissing = (known: number): number => Math.max(10, Math.floor(known * 0.05));

export interface Ageing {
  /** One transaction's worth each. */
  readonly changes: readonly (readonly Write[])[];
  /** Set when so much is missing that nothing is aged. */
  readonly refusal?: string;
}

/**
 * After a complete discovery: what was known and visible and was not found is marked `not-visible`. It keeps everything else; discovery
 * never removes.
 */
export const age = (known: readonly Row[], foundIds: ReadonlySet<string>, author: Author): Ageing => {
  const active = known.filter((row) => row['inactive'] !== true);
  const missing = active.filter((row) => row['visibility'] === 'visible' && !foundIds.has(row.pk));
  const limit = mostNewlyMissing(active.length);
  if (missing.length > limit)
    return {
      changes: [],
      refusal: `${missing.length} of ${active.length} known objects are missing at once; more than ${limit} are not aged`,
    };
  const changes = missing.flatMap((row) => {
    const type = typeOf({ id: row.pk });
    if (!isDiscovered(type)) return [];
    return [changed(fromRow(schemas[type], row), { visibility: 'not-visible', notVisibleSince: author.at }, { author })];
  });
  return { changes };
};
