import { expect } from 'vitest';
import type { Row } from '../../core/change.ts';
import { findResource } from '../../core/inventory/read.ts';
import { type Quota, quotaOf, quotaSort } from '../../core/quota/quota.ts';
import { type QuotaChange, setQuota } from '../../core/quota/set.ts';
import type { ApiPorts } from '../../core/request.ts';
import { parseUrn } from '../../core/urn.ts';
import { asked, gib, projectId, tenantId, vpoolId, type World } from './block-world.ts';

const types = { [projectId]: 'Project', [tenantId]: 'TenantOrg', [vpoolId]: 'VirtualPool' } as const;

/** Enables a quota of so many GB, or what is asked for. */
export const limit = async ({ ports }: { readonly ports: ApiPorts }, id: string, change: number | QuotaChange) => {
  const type = types[id] ?? (parseUrn(id)?.type as 'Project');
  const limited = await findResource(ports.rows, 'system', { type, id });
  if (!limited) throw new Error(`there is no ${id}`);
  const asChange = typeof change === 'number' ? { enabled: true, limitGb: change } : change;
  return setQuota(ports, asked(), { limited, change: asChange });
};

export const quotaIn = ({ rows }: Pick<World, 'rows'>, id: string): Quota | undefined => {
  const row = rows.all('Inventory').find(({ pk, sk }) => pk === id && sk === quotaSort);
  return row && quotaOf(row);
};

export const usedGib = (world: Pick<World, 'rows'>, id: string): number | undefined => {
  const quota = quotaIn(world, id);
  return quota && quota.usedBytes / gib;
};

export const liveVolumes = ({ rows }: Pick<World, 'rows'>): Row[] =>
  rows.all('Inventory').filter((row) => row.sk === 'RESOURCE' && row.pk.includes(':Volume:') && row['inactive'] !== true);

const scopes = { projectId: 'countedInProject', tenantId: 'countedInTenant', vpoolId: 'countedInVpool' } as const;

const marked = (volumes: readonly Row[], id: string): Row[] =>
  volumes.filter((row) => Object.entries(scopes).some(([owner, mark]) => row[owner] === id && row[mark] === true));

/** At rest each counter is what the volumes have that bear its mark, and of a quota that holds all bear it. */
export const expectQuotasAddUp = (world: Pick<World, 'rows'>): void => {
  const volumes = liveVolumes(world);
  for (const row of world.rows.all('Inventory').filter(({ sk }) => sk === quotaSort)) {
    const own = volumes.filter((volume) => Object.keys(scopes).some((owner) => volume[owner] === row.pk));
    const counted = marked(volumes, row.pk);
    const sum = counted.reduce((total, volume) => total + Number(volume['provisionedBytes']), 0);
    expect([row.pk, row['usedBytes']]).toEqual([row.pk, sum]);
    if (row['state'] === 'counted') expect([row.pk, counted.length]).toEqual([row.pk, own.length]);
  }
};
