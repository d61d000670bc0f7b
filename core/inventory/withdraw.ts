import type { Write } from '../change.ts';
import {
  type ApiPorts,
  answerIdempotency,
  authorOf,
  type Conclusion,
  conclude,
  freeIdempotency,
  type RequestContext,
  reserveIdempotency,
} from '../request.ts';
import { type Author, changed } from './changes.ts';
import { type Resource, resourceKey } from './resource.ts';
import { refuseUsed, type Taking } from './users.ts';
import { dropMark, newMark, putMark, type WithdrawalMark } from './withdrawal-mark.ts';

/** A change that takes something away from those who may use it. */
export interface Withdrawal<R extends Resource> extends Pick<Taking, 'taken'> {
  readonly resource: R;
  readonly patch: Partial<R>;
  /** Goes with the change, once. */
  readonly more?: readonly Write[];
  readonly answer: Conclusion['answer'];
  readonly plan: Conclusion['plan'];
}

interface Begun<R extends Resource> {
  readonly withdrawal: Withdrawal<R>;
  readonly mark: WithdrawalMark;
  readonly author: Author;
}

const takeBack = async <R extends Resource>(ports: ApiPorts, request: RequestContext, begun: Begun<R>): Promise<void> => {
  const { withdrawal, mark, author } = begun;
  const { resource, patch } = withdrawal;
  const marked: R = { ...resource, ...patch, version: resource.version + 1 };
  const before = Object.fromEntries(Object.keys(patch).map((name) => [name, Reflect.get(resource, name)])) as Partial<R>;
  const key = request.idempotency ? [freeIdempotency(request.idempotency.pk)] : [];
  try {
    await ports.rows.transact([...changed(marked, before, { author }), dropMark(mark), ...key]);
  } catch (error) {
    ports.log.error('what was taken away is in use and could not be given back; the tick does it', { id: resource.id, error });
  }
};

/** Nobody uses it, and nobody can any more: what is left to be told is made up for by the tick. */
const confirm = async <R extends Resource>(ports: ApiPorts, { idempotency }: RequestContext, begun: Begun<R>): Promise<void> => {
  const { withdrawal, mark } = begun;
  try {
    await ports.rows.transact([dropMark(mark), ...(idempotency ? [answerIdempotency(idempotency, withdrawal.answer)] : [])]);
  } catch (error) {
    ports.log.warn('the end of a withdrawal was not noted; the tick does it', { id: withdrawal.resource.id, error });
  }
};

/** The change, with a mark by which the tick ends what a request leaves that dies; the request's answer is kept when it is sure. */
const begin = async <R extends Resource>(
  ports: ApiPorts,
  request: RequestContext,
  begun: Begun<R> & { readonly writes: readonly Write[] },
) => {
  const { idempotency } = request;
  const key = idempotency ? [reserveIdempotency(idempotency, ports.clock.now())] : [];
  await ports.rows.transact([...begun.writes, putMark(begun.mark), ...key]);
};

/**
 * Looks for users, makes the change, and looks again. An order that was planned before the change is stored before the second look, which
 * finds it, takes the change back and refuses; or it is stored later, and is refused by what has changed: by the condition on a storage pool's
 * version, or by its first step. Both may be refused, and never is there a new user of what was taken away. A request that dies between
 * the two looks has left a mark, and the minute's tick looks in its place.
 */
export const withdraw = async <R extends Resource>(
  ports: ApiPorts,
  request: RequestContext,
  withdrawal: Withdrawal<R>,
): Promise<Conclusion['answer']> => {
  const { resource, patch, taken, more = [], answer, plan } = withdrawal;
  await refuseUsed(ports.rows, { resource, taken });
  const author = authorOf(ports, request);
  const writes = [...changed(resource, patch, { author }), ...more];
  if (request.dryRun || taken.length === 0 || writes.length === more.length) return conclude(ports, request, { writes, answer, plan });
  const { idempotency } = request;
  const mark = newMark({ resource, taken, sk: author.ulid(), at: author.at, by: author.actor, idempotency, answer });
  const begun = { withdrawal, mark, author };
  await begin(ports, request, { ...begun, writes });
  try {
    await refuseUsed(ports.rows, { resource, taken });
  } catch (error) {
    await takeBack(ports, request, begun);
    throw error;
  }
  await confirm(ports, request, begun);
  return answer;
};

/** Removes what nothing uses. */
export const removeUnused = (ports: ApiPorts, request: RequestContext, resource: Resource): Promise<Conclusion['answer']> =>
  withdraw(ports, request, { resource, patch: { inactive: true }, taken: 'itself', answer: {}, plan: { remove: resource.id } });

/** Of a transaction that makes something refer to a resource: it was not removed since it was read. */
export const stillThere = ({ id, name }: Resource, field: string): Write => ({
  do: 'check',
  table: 'Inventory',
  key: resourceKey(id),
  when: [{ attribute: 'inactive', is: '=', value: false }],
  otherwise: { code: 'resource.referenceInactive', message: `${field}: ${name} (${id}) was removed` },
});
