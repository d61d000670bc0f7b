import type { Row } from '../../core/change.ts';
import { resourceKey } from '../../core/inventory/resource.ts';
import type { Rows } from '../../core/ports.ts';
import { ControlError } from './control-error.ts';

const nouns = { projectId: 'project', varrayId: 'virtual array', vpoolId: 'virtual pool' } as const;
type Referring = keyof typeof nouns;
const referring = Object.keys(nouns) as Referring[];

interface Reference {
  readonly by: Referring;
  readonly id: string;
}

const referencesOf = (ordered: Row): Reference[] =>
  referring.flatMap((by) => {
    const id = ordered[by];
    return typeof id === 'string' ? [{ by, id }] : [];
  });

/** Why what is referred to is not offered any more. */
const complaint = ({ by, id }: Reference, found: Row | undefined, ordered: Row): string | undefined => {
  if (found?.['inactive'] === true) return `the ${nouns[by]} ${id} was removed`;
  const served = by === 'vpoolId' ? found?.['varrayIds'] : undefined;
  const isServed = !Array.isArray(served) || served.includes(ordered['varrayId']);
  return isServed ? undefined : `the virtual array ${String(ordered['varrayId'])} was taken from the virtual pool ${id}`;
};

/**
 * Refuses an order whose project, virtual array or virtual pool was taken away before it was stored. Accepting does not check them: that
 * would cost each order write units, and make orders wait for each other. Whoever takes one of them away looks for users once more after it is
 * written: either he finds what was ordered, or this finds what he wrote.
 */
export const requireOffered = async (rows: Rows, orderedId: string | undefined): Promise<void> => {
  const ordered = orderedId && (await rows.get('Inventory', resourceKey(orderedId)));
  if (!ordered) return;
  const references = referencesOf(ordered);
  const keys = references.map(({ id }) => resourceKey(id));
  const found = await rows.getMany('Inventory', keys);
  const [why] = references.flatMap((reference, n) => complaint(reference, found[n], ordered) ?? []);
  if (why) throw new ControlError('Refused', `${why} while the order was accepted`, 'resource.referenceInactive');
};
