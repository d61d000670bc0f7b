import * as z from 'zod';
import { boundOf } from '../../../../core/capacity/bound.ts';
import { formatGib } from '../../../../core/capacity/size.ts';
import { readerOf } from '../../../../core/identity/access.ts';
import { getResource } from '../../../../core/inventory/read.ts';
import type { StoragePool, VirtualPool } from '../../../../core/inventory/schemas.ts';
import { matchingPools } from '../../../../core/vpool/match.ts';
import { defineRoute } from '../../route.ts';
import { poolsInVarrays } from './vpools.ts';

const sum = (pools: readonly StoragePool[], bytes: (pool: StoragePool) => number): number =>
  pools.reduce((total, pool) => total + Math.max(0, bytes(pool)), 0);

const percent = (part: number, whole: number): string => (whole > 0 ? Math.ceil((part / whole) * 100) : 0).toString();

const stillPromisable = (pool: StoragePool, provisioning: VirtualPool['provisioningType']): number => {
  const bound = boundOf(pool, provisioning);
  return 'refusal' in bound ? 0 : bound.leftBytes;
};

const capacityBody = (pools: readonly StoragePool[], provisioning: VirtualPool['provisioningType']) => {
  const free = sum(pools, (pool) => pool.freeBytes);
  const used = sum(pools, (pool) => pool.totalBytes - pool.freeBytes);
  const provisioned = sum(pools, (pool) => pool.subscribedBytes);
  return {
    free_gb: formatGib(free),
    net_free_gb: formatGib(sum(pools, (pool) => stillPromisable(pool, provisioning))),
    used_gb: formatGib(used),
    provisioned_gb: formatGib(provisioned),
    percent_used: percent(used, free + used),
    percent_provisioned: percent(provisioned, free + used),
  };
};

export const route = defineRoute({
  method: 'GET',
  path: '/block/vpools/{id}/varrays/{varrayId}/capacity',
  function: 'api',
  permission: 'authenticated',
  summary: 'Capacity of the storage pools that a virtual pool uses in a virtual array',
  response: z.object({
    free_gb: z.string(),
    net_free_gb: z.string().describe('GiB that new volumes may have'),
    used_gb: z.string(),
    provisioned_gb: z.string(),
    percent_used: z.string(),
    percent_provisioned: z.string(),
  }),
  status: 200,
  async handler({ principal, params }, { rows }) {
    const reader = readerOf(principal);
    const vpool = await getResource(rows, reader, { type: 'VirtualPool', id: params['id'] ?? '' });
    const varray = await getResource(rows, reader, { type: 'VirtualArray', id: params['varrayId'] ?? '' });
    const pools = vpool.varrayIds.includes(varray.id) ? await poolsInVarrays(rows, [varray.id]) : [];
    return capacityBody(matchingPools(vpool, pools), vpool.provisioningType);
  },
});
