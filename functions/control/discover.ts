import { ageMissing } from './age-missing.ts';
import { beginDiscovery } from './begin-discovery.ts';
import { countVolumes } from './count-volumes.ts';
import { walkPhysical } from './discover-physical.ts';
import { beginWalk, keepSeen, walkVolumes } from './discover-volumes.ts';
import type { Loaded } from './load.ts';
import { settleOrphans } from './orphans.ts';
import type { ControlPorts } from './ports.ts';

/**
 * Reads the array's inventory page by page through the driver and stores what changed. Nothing on record is removed; only a complete view
 * ages what it did not find. Repeating it is harmless.
 */
export const discover = async (ports: ControlPorts, loaded: Loaded): Promise<void> => {
  const discovery = await beginDiscovery(ports, loaded);
  const physical = await walkPhysical(ports, discovery);
  const walk = await beginWalk(ports, discovery);
  try {
    const isComplete = await walkVolumes(ports, discovery, walk);
    await ageMissing(ports, discovery, { physical, walk, isComplete });
    if (isComplete) await countVolumes(ports, discovery, walk);
    if (isComplete) await settleOrphans(ports, discovery, walk);
  } finally {
    await keepSeen(ports, discovery, walk);
  }
};
