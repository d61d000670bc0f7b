import { createHash } from 'node:crypto';
import { absent, type Key, type Value, type Write } from './change.ts';
import type { Principal } from './identity/access.ts';
import type { Author } from './inventory/changes.ts';
import { packed, transactionLimit } from './operation/chunks.ts';
import type { Clock, Ids, Log, Rows, Sleeper, Workflows } from './ports.ts';

/** What every handler of the API works with. */
export interface ApiPorts {
  readonly rows: Rows;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly workflows: Workflows;
  readonly log: Log;
  /** Lets a read of an unfinished task be held; without it the answer comes at once. */
  readonly sleeper?: Sleeper;
}

/** Who asks, and how. */
export interface RequestContext {
  readonly principal: Principal;
  readonly correlationId: string;
  /** `?dry_run=true`: answer the plan, change nothing. */
  readonly dryRun: boolean;
  /** Of a POST with `Idempotency-Key`. */
  readonly idempotency?: IdempotencyKey;
}

export interface IdempotencyKey {
  readonly pk: string;
  /** Of method, path, query and body: the same key with another request is refused. */
  readonly requestHash: string;
}

const idempotencySeconds = 86_400;

export const idempotencyKey = (parts: { user: string; tenantId: string; key: string; request: string }): IdempotencyKey => ({
  pk: `IDEMPOTENCY#${parts.tenantId}#${parts.user}#${parts.key}`,
  requestHash: createHash('sha256').update(parts.request).digest('hex'),
});

export const authorOf = (ports: Pick<ApiPorts, 'clock' | 'ids'>, request: RequestContext, operationId?: string): Author => ({
  actor: request.principal.user,
  at: new Date(ports.clock.now()).toISOString(),
  ulid: () => ports.ids.ulid(),
  ...(operationId ? { operationId } : {}),
});

export interface Conclusion {
  readonly writes: readonly Write[];
  /** Notes that belong to the writes; in the same transaction if that takes them, else right after it. */
  readonly later?: readonly Write[];
  readonly answer: { readonly [field: string]: Value | undefined };
  /** What a dry run shows. */
  readonly plan: { readonly [field: string]: Value | undefined };
}

const idempotencyWrite = (key: IdempotencyKey, answer: Conclusion['answer'] | undefined, nowMs: number): Write => ({
  do: 'put',
  table: 'Coordination',
  row: {
    pk: key.pk,
    sk: 'IDEMPOTENCY',
    requestHash: key.requestHash,
    answer,
    expiresAtEpochSeconds: Math.floor(nowMs / 1000) + idempotencySeconds,
  },
  when: absent,
  otherwise: { code: 'resource.changed', message: 'another request with this idempotency key is being handled; send it again' },
});

/** Keeps the key for a request that is stored in several transactions; its answer comes with the last one. */
export const reserveIdempotency = (key: IdempotencyKey, nowMs: number): Write => idempotencyWrite(key, undefined, nowMs);

const reservedKey = (pk: string): Key => ({ pk, sk: 'IDEMPOTENCY' });

export const answerIdempotency = ({ pk, requestHash }: IdempotencyKey, answer: Conclusion['answer']): Write => ({
  do: 'update',
  table: 'Coordination',
  key: reservedKey(pk),
  set: { answer },
  when: [{ attribute: 'requestHash', is: '=', value: requestHash }],
});

/** The same request may be made again. */
export const freeIdempotency = (pk: string): Write => ({
  do: 'delete',
  table: 'Coordination',
  key: reservedKey(pk),
  when: [{ attribute: 'answer', is: 'absent' }],
});

/** The key waits for its answer. */
export const isReserved = async (rows: Rows, { pk, requestHash }: IdempotencyKey): Promise<boolean> => {
  const row = await rows.get('Coordination', reservedKey(pk));
  return row?.['requestHash'] === requestHash && row['answer'] === undefined;
};

const keyOf = (write: Write): Key => (write.do === 'put' ? { pk: write.row.pk, sk: write.row.sk } : write.key);

/** What would refuse the writes, asked without writing. Keys of other tables are new, so that nothing can stand in their way. */
const checksOf = (writes: readonly Write[]): Write[] =>
  writes.flatMap((write) => {
    const { table, when, otherwise } = write;
    if (table !== 'Inventory' || when === undefined) return [];
    return [{ do: 'check' as const, table, key: keyOf(write), when, ...(otherwise ? { otherwise } : {}) }];
  });

const inOrder = (writes: readonly Write[], later: readonly Write[]): (readonly Write[])[] => {
  if (writes.length + later.length <= transactionLimit) return [[...writes, ...later]].filter(({ length }) => length > 0);
  return [writes, ...packed(later, () => 1, { most: transactionLimit, writes: transactionLimit })];
};

/**
 * The last act of every handler that writes: all writes are one transaction. A dry run shows the plan and writes nothing; it is refused
 * for what the transaction would be refused for, such as a name that is taken.
 */
export const conclude = async (
  ports: Pick<ApiPorts, 'rows' | 'clock'>,
  request: RequestContext,
  conclusion: Conclusion,
): Promise<Conclusion['answer']> => {
  if (request.dryRun) {
    const checks = checksOf(conclusion.writes);
    for (const some of packed(checks, () => 1, { most: transactionLimit, writes: transactionLimit })) await ports.rows.transact(some);
    return { dry_run: true, plan: conclusion.plan };
  }
  const remembered = request.idempotency ? [idempotencyWrite(request.idempotency, conclusion.answer, ports.clock.now())] : [];
  const { writes, later = [], answer } = conclusion;
  for (const some of inOrder([...writes, ...remembered], later)) await ports.rows.transact(some);
  return answer;
};
