import * as z from 'zod';
import { type Difference, readDifferences } from '../../../../core/discovery/differences.ts';
import { referenceBody } from '../../../../core/inventory/links.ts';
import { getActive } from '../../../../core/inventory/read.ts';
import type { StoragePool, StorageProvider } from '../../../../core/inventory/schemas.ts';
import { poolsOf } from '../../../../core/provider/pools.ts';
import { defineRoute } from '../../route.ts';
import { referenceShape } from '../common-body.ts';
import { systemReaders } from '../resource-kind.ts';

const differenceShape = z.object({
  kind: z
    .enum(['drifted', 'missing', 'orphan', 'same-name'])
    .describe('orphan: bears our mark and has no record; same-name: bears the name of a volume whose id is another'),
  native_id: z.string(),
  name: z.string(),
  volume: referenceShape.optional(),
  unmanaged_volume: referenceShape.optional(),
  since: z.string().optional(),
  drift: z.array(z.object({ field: z.string(), recorded: z.string(), found: z.string() })).optional(),
  kept_because: z.string().optional().describe('Why an orphan is not removed by itself'),
});

const ofVolume = ({ volume, kind }: Difference) => {
  const since = kind === 'missing' ? volume?.notVisibleSince : volume?.drift?.since;
  return {
    ...(volume ? { volume: referenceBody(volume.id) } : {}),
    ...(since ? { since } : {}),
    ...(volume?.drift ? { drift: volume.drift.differences } : {}),
  };
};

const differenceBody = (difference: Difference): z.infer<typeof differenceShape> => {
  const { kind, nativeId, name, volume, unmanaged } = difference;
  return {
    kind,
    native_id: nativeId,
    name: volume?.nativeName ?? name,
    ...ofVolume(difference),
    ...(unmanaged ? { unmanaged_volume: referenceBody(unmanaged.id), since: unmanaged.createdAt } : {}),
    ...(unmanaged?.keptBecause ? { kept_because: unmanaged.keptBecause } : {}),
  };
};

const capacityShape = z.object({
  storage_pool: referenceShape,
  since: z.string(),
  bytes: z.number(),
  thick_bytes: z.number(),
  volumes: z.number(),
});

const capacityBody = ({ id, capacityDifference }: StoragePool): z.infer<typeof capacityShape>[] =>
  capacityDifference
    ? [
        {
          storage_pool: referenceBody(id),
          since: capacityDifference.since,
          bytes: capacityDifference.bytes,
          thick_bytes: capacityDifference.thickBytes,
          volumes: capacityDifference.volumes ?? 0,
        },
      ]
    : [];

const ageingShape = z.object({ since: z.string(), missing: z.number(), known: z.number() });

const ageingBody = ({ ageingStopped: stopped }: StorageProvider) =>
  stopped ? { ageing_stopped: { since: stopped.since, missing: stopped.missing, known: stopped.known } } : {};

export const differencesRoute = defineRoute({
  method: 'GET',
  path: '/vdc/storage-providers/{id}/differences',
  function: 'api',
  permission: systemReaders,
  summary: 'Where an array and the records differ, as the last discovery and the last daily sum saw it',
  response: z.object({
    difference: z.array(differenceShape),
    capacity_difference: z.array(capacityShape).describe('By how much the books of a pool exceed the sum of its volumes'),
    ageing_stopped: ageingShape.optional().describe('So much was missing at once that nothing was marked as missing'),
    next_cursor: z.string().optional(),
  }),
  status: 200,
  async handler({ params, page }, { rows }) {
    const provider = await getActive(rows, 'system', { type: 'StorageProvider', id: params['id'] ?? '' });
    const [{ differences, cursor }, pools] = await Promise.all([readDifferences(rows, provider, page), poolsOf(rows, provider.id)]);
    return {
      difference: differences.map(differenceBody),
      capacity_difference: pools.flatMap(capacityBody),
      ...ageingBody(provider),
      ...(cursor ? { next_cursor: cursor } : {}),
    };
  },
});
