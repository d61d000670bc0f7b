import { firstCountWrites, foreignWrites } from '../../core/discovery/count.ts';
import { fromRow } from '../../core/inventory/resource.ts';
import { poolSchema, type StoragePool } from '../../core/inventory/schemas.ts';
import { sumPools } from '../../core/provider/capacity-sum.ts';
import { isUrnOf } from '../../core/urn.ts';
import type { Discovery } from './begin-discovery.ts';
import type { ControlPorts } from './ports.ts';
import { storeEach } from './store-writes.ts';
import type { VolumeWalk } from './volume-walk.ts';

/** After a complete walk: notes with each pool how many volumes in it are not ours. What moved meanwhile is left to the next discovery. */
export const countVolumes = async (ports: ControlPorts, { known, provider }: Discovery, { foreign }: VolumeWalk): Promise<void> => {
  const pools = known.filter(({ pk }) => isUrnOf('StoragePool', pk)).map((row) => fromRow(poolSchema, row));
  const countIn = ({ nativeId }: StoragePool): number => [...foreign.values()].filter((poolNativeId) => poolNativeId === nativeId).length;
  const sums = pools.every(({ isCounted }) => isCounted) ? [] : await sumPools(ports.rows, provider);
  const writesOf = (before: StoragePool) => {
    if (before.isCounted) return foreignWrites(before, countIn(before));
    const sum = sums.find(({ pool }) => pool.id === before.id);
    return sum ? firstCountWrites(sum, before, countIn(before)) : [];
  };
  await storeEach(ports, pools.map(writesOf));
};
