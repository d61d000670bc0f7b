import type { Condition, Key, Row } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { DriverError } from '../../drivers/sdk/errors.ts';
import type { ControlPorts } from './ports.ts';

/**
 * Per array, so many driver calls at once. A slot is a row with a lease longer than a driver function can run; whoever finds none free
 * waits briefly and is then told that the array is busy. An operation has one call at a time at an array: what is held for it is left from
 * a function that died, and is taken over, so that work goes on at once however many calls died with their host.
 */

const leaseSeconds = 300;
const patienceMs = 3000;
const pauseMs = 100;

const slotsPk = (arrayId: string): string => `SLOTS#${arrayId}`;

export interface SlotRequest {
  readonly arrayId: string;
  readonly operationId: string;
  /** The execution and the call; it begins with the operation's id. */
  readonly holder: string;
  readonly limit: number;
}

const slotName = (n: number): string => `SLOT#${String(n).padStart(3, '0')}`;

interface Seat {
  readonly name: string;
  /** That it still is as it was seen. */
  readonly when: Condition;
  readonly isOwn: boolean;
}

const seatAt = (row: Row | undefined, name: string, seen: { operationId: string; nowSeconds: number }): Seat[] => {
  if (!row) return [{ name, when: { attribute: 'pk', is: 'absent' }, isOwn: false }];
  const holder = String(row['holder']);
  const isOwn = holder.startsWith(seen.operationId);
  const isFree = isOwn || Number(row['leaseUntilSeconds']) <= seen.nowSeconds;
  return isFree ? [{ name, when: { attribute: 'holder', is: '=', value: holder }, isOwn }] : [];
};

/** One that may be taken: the operation's own, so that none is left behind, else any of the free, so that few want the same. */
const seatFor = async (ports: ControlPorts, { arrayId, operationId, limit }: SlotRequest): Promise<Seat | undefined> => {
  const { rows } = await ports.rows.query({ table: 'Coordination', pk: slotsPk(arrayId) });
  const taken = new Map(rows.map((row) => [row.sk, row]));
  const seen = { operationId, nowSeconds: ports.clock.now() / 1000 };
  const seats = Array.from({ length: limit }, (_, n) => slotName(n)).flatMap((name) => seatAt(taken.get(name), name, seen));
  return seats.find(({ isOwn }) => isOwn) ?? seats[Math.floor(Math.random() * seats.length)];
};

const take = async (ports: ControlPorts, key: Key, { holder, when }: { holder: string; when: Condition }): Promise<boolean> => {
  const nowSeconds = Math.floor(ports.clock.now() / 1000);
  const lease = { holder, leaseUntilSeconds: nowSeconds + leaseSeconds, expiresAtEpochSeconds: nowSeconds + leaseSeconds * 2 };
  try {
    await ports.rows.transact([{ do: 'put', table: 'Coordination', row: { ...key, ...lease }, when: [when] }]);
    return true;
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return false;
    throw error;
  }
};

const acquire = async (ports: ControlPorts, request: SlotRequest): Promise<Key> => {
  const giveUpAt = ports.clock.now() + patienceMs;
  for (;;) {
    const seat = await seatFor(ports, request);
    const key = { pk: slotsPk(request.arrayId), sk: seat?.name ?? '' };
    if (seat && (await take(ports, key, { holder: request.holder, when: seat.when }))) return key;
    if (ports.clock.now() >= giveUpAt)
      throw new DriverError(`${request.limit} calls to the array are under way already`, { outcome: 'DriverBusy', code: 'array.busy' });
    await ports.sleep(pauseMs);
  }
};

const release = async (ports: ControlPorts, key: Key, holder: string): Promise<void> => {
  try {
    await ports.rows.transact([{ do: 'delete', table: 'Coordination', key, when: [{ attribute: 'holder', is: '=', value: holder }] }]);
  } catch (error) {
    ports.log.warn('a slot was not given back; its lease ends by itself', { slot: key.pk, error });
  }
};

/** Holds a slot of the array while `work` runs. */
export const withSlot = async <T>(ports: ControlPorts, request: SlotRequest, work: () => Promise<T>): Promise<T> => {
  const key = await acquire(ports, request);
  try {
    return await work();
  } finally {
    await release(ports, key, request.holder);
  }
};
