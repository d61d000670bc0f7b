import type { Write } from '../change.ts';
import { type ApiPorts, authorOf, type Conclusion, conclude, forgetIdempotency, type RequestContext } from '../request.ts';
import { type Author, changed } from './changes.ts';
import { type Resource, resourceKey } from './resource.ts';

/** A change that takes something away from those who may use it. */
export interface Withdrawal<R extends Resource> {
  readonly resource: R;
  readonly patch: Partial<R>;
  /** Goes with the change, once. */
  readonly more?: readonly Write[];
  /** Looks for who uses what goes, and throws `resource.inUse`. */
  readonly refuseUsed: () => Promise<void>;
  readonly answer: Conclusion['answer'];
  readonly plan: Conclusion['plan'];
}

const takeBack = async <R extends Resource>(
  ports: ApiPorts,
  request: RequestContext,
  { resource, patch, author }: { resource: R; patch: Partial<R>; author: Author },
): Promise<void> => {
  const marked: R = { ...resource, ...patch, version: resource.version + 1 };
  const before = Object.fromEntries(Object.keys(patch).map((name) => [name, Reflect.get(resource, name)])) as Partial<R>;
  const forgotten = request.idempotency ? [forgetIdempotency(request.idempotency)] : [];
  try {
    await ports.rows.transact([...changed(marked, before, { author }), ...forgotten]);
  } catch (error) {
    ports.log.error('what was taken away is in use and could not be given back; the doctor tells by whom', { id: resource.id, error });
  }
};

/**
 * Looks for users, makes the change, and looks again. An order that was planned before the change is stored before the second look, which
 * finds it, takes the change back and refuses; or it is stored later, and is refused by what has changed: by the condition on a storage pool's
 * version, or by its first step. Both may be refused, and never is there a new user of what was taken away.
 */
export const withdraw = async <R extends Resource>(
  ports: ApiPorts,
  request: RequestContext,
  withdrawal: Withdrawal<R>,
): Promise<Conclusion['answer']> => {
  const { resource, patch, more = [], refuseUsed, answer, plan } = withdrawal;
  await refuseUsed();
  const author = authorOf(ports, request);
  const writes = changed(resource, patch, { author });
  const answered = await conclude(ports, request, { writes: [...writes, ...more], answer, plan });
  if (request.dryRun || writes.length === 0) return answered;
  try {
    await refuseUsed();
    return answered;
  } catch (error) {
    await takeBack(ports, request, { resource, patch, author });
    throw error;
  }
};

/** Removes what nothing uses. */
export const removeUnused = (
  ports: ApiPorts,
  request: RequestContext,
  { resource, refuseUsed }: { readonly resource: Resource; readonly refuseUsed: () => Promise<void> },
): Promise<Conclusion['answer']> =>
  withdraw(ports, request, { resource, patch: { inactive: true }, refuseUsed, answer: {}, plan: { remove: resource.id } });

/** Of a transaction that makes something refer to a resource: it was not removed since it was read. */
export const stillThere = ({ id, name }: Resource, field: string): Write => ({
  do: 'check',
  table: 'Inventory',
  key: resourceKey(id),
  when: [{ attribute: 'inactive', is: '=', value: false }],
  otherwise: { code: 'resource.referenceInactive', message: `${field}: ${name} (${id}) was removed` },
});
