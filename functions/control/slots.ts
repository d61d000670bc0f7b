import type { Key } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { DriverError } from '../../drivers/sdk/errors.ts';
import type { ControlPorts } from './ports.ts';

/**
 * Per array, so many driver calls at once. A slot is a row with a lease longer than a driver function can run; whoever finds none free
 * waits briefly and is then told that the array is busy.
 */

const leaseSeconds = 300;
const patienceMs = 3000;
const pauseMs = 100;

const slotsPk = (arrayId: string): string => `SLOTS#${arrayId}`;

export interface SlotRequest {
  readonly arrayId: string;
  readonly holder: string;
  readonly limit: number;
}

const slotName = (n: number): string => `SLOT#${String(n).padStart(3, '0')}`;

const freeSlots = async (ports: ControlPorts, { arrayId, limit }: SlotRequest): Promise<string[]> => {
  const { rows } = await ports.rows.query({ table: 'Coordination', pk: slotsPk(arrayId) });
  const nowSeconds = ports.clock.now() / 1000;
  const held = new Set(rows.filter((row) => Number(row['leaseUntilSeconds']) > nowSeconds).map((row) => row.sk));
  return Array.from({ length: limit }, (_, n) => slotName(n)).filter((name) => !held.has(name));
};

const take = async (ports: ControlPorts, key: Key, holder: string): Promise<boolean> => {
  const nowSeconds = Math.floor(ports.clock.now() / 1000);
  const lease = { holder, leaseUntilSeconds: nowSeconds + leaseSeconds, expiresAtEpochSeconds: nowSeconds + leaseSeconds * 2 };
  const row = { ...key, ...lease };
  const attempts = [{ attribute: 'pk', is: 'absent' } as const, { attribute: 'leaseUntilSeconds', is: '<=', value: nowSeconds } as const];
  for (const condition of attempts) {
    try {
      await ports.rows.transact([{ do: 'put', table: 'Coordination', row, when: [condition] }]);
      return true;
    } catch (error) {
      if (!(error instanceof ControlPlaneError && error.code === 'resource.changed')) throw error;
    }
  }
  return false;
};

const acquire = async (ports: ControlPorts, request: SlotRequest): Promise<Key> => {
  const giveUpAt = ports.clock.now() + patienceMs;
  for (;;) {
    const free = await freeSlots(ports, request);
    const name = free[Math.floor(Math.random() * free.length)];
    const key = { pk: slotsPk(request.arrayId), sk: name ?? '' };
    if (name && (await take(ports, key, request.holder))) return key;
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
