import { brakePatch } from '../operation/brake.ts';
import type { Clock, Ids, Rows } from '../ports.ts';
import { type Installation, installationKey, installationWrites, readInstallation } from './installation.ts';

interface StorePorts {
  readonly rows: Rows;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'ulid'>;
}

/** Whether the installation was kept in other tables before: it was restored from a backup, or it is a copy. */
export const isOtherStore = ({ storeName }: Pick<Installation, 'storeName'>, name: string): boolean =>
  storeName !== undefined && storeName !== name;

export const otherStoreReason = 'the store was restored or copied';

const adopt = ({ rows }: StorePorts, name: string): Promise<void> =>
  rows.transact([
    {
      do: 'update',
      table: 'Inventory',
      key: installationKey,
      set: { storeName: name },
      when: [{ attribute: 'storeName', is: 'absent' }],
    },
  ]);

/**
 * Notes in which tables the installation is kept. Found in others it begins a new epoch, frozen: what was open in the old ones is listed and
 * not carried on, and nothing on an array is changed until an administrator has looked. Answers whether that happened now.
 */
export const settleStore = async (ports: StorePorts, name: string): Promise<boolean> => {
  const installation = await readInstallation(ports.rows);
  if (!installation || installation.storeName === name) return false;
  if (!isOtherStore(installation, name)) {
    await adopt(ports, name);
    return false;
  }
  const at = new Date(ports.clock.now()).toISOString();
  const epoch = installation.epoch + 1;
  const order = { operations: 'frozen', operations_reason: `${otherStoreReason}; epoch ${epoch} was begun` } as const;
  const author = { actor: 'reconciler', at, ulid: () => ports.ids.ulid() };
  await ports.rows.transact(installationWrites(installation, { epoch, storeName: name, ...brakePatch(installation, order, at) }, author));
  return true;
};
