import { ownTenant } from '../identity/access.ts';
import { changed } from '../inventory/changes.ts';
import { getActive } from '../inventory/read.ts';
import { type ApiPorts, authorOf, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { volumeBodies } from './represent.ts';
import { requireReady, unchangedSince } from './require.ts';

export interface VolumeUpdate {
  readonly volumeId: string;
  readonly name?: string | undefined;
  /** While it is set, the volume is neither destroyed nor released. */
  readonly deleteProtected?: boolean | undefined;
}

/** Changes the record of a volume; the array is not asked. */
export const updateVolume = async (ports: ApiPorts, request: RequestContext, update: VolumeUpdate): Promise<Conclusion['answer']> => {
  const volume = await getActive(ports.rows, ownTenant(request.principal), { type: 'Volume', id: update.volumeId });
  requireReady(volume);
  const patch = {
    name: update.name ?? volume.name,
    ...(update.deleteProtected === undefined ? {} : { deleteProtected: update.deleteProtected || undefined }),
  };
  const [answer = {}] = await volumeBodies(ports.rows, [{ ...volume, ...patch }]);
  const writes = changed(volume, patch, { author: authorOf(ports, request), guard: unchangedSince(volume.version) });
  return conclude(ports, request, { writes, answer, plan: { change: answer } });
};
