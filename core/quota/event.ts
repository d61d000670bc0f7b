import type { Value, Write } from '../change.ts';
import { deltaOf } from '../history/delta.ts';
import { eventWrite, orderAfter } from '../history/write.ts';
import type { Author } from '../inventory/changes.ts';
import type { Resource } from '../inventory/resource.ts';

type Fields = Readonly<Record<string, Value>>;

/** Stands in the history of what is limited, at its place among the changes of that, which it does not change. */
export const quotaEvent = (
  author: Author,
  limited: Pick<Resource, 'id' | 'createdAt' | 'version'>,
  { before, after }: { readonly before: Fields; readonly after: Fields },
): Write => {
  const names = Object.keys(after).filter((name) => before[name] !== after[name]);
  return eventWrite(author, {
    id: limited.id,
    kind: 'changed',
    delta: deltaOf(before, after, names),
    sk: author.ulid(),
    order: orderAfter(limited),
  });
};
