import * as z from 'zod';
import type { StoragePool } from '../../../../core/inventory/schemas.ts';

export const discoveredShape = {
  native_guid: z.string(),
  native_id: z.string().describe("The array's own id"),
  operational_status: z.enum(['OK', 'DEGRADED', 'NOT_OK', 'UNKNOWN']),
  registration_status: z.enum(['REGISTERED', 'UNREGISTERED']),
  compatibility_status: z.enum(['COMPATIBLE', 'INCOMPATIBLE', 'UNKNOWN']),
  discovery_status: z.enum(['VISIBLE', 'NOTVISIBLE']),
  not_visible_since: z.string().optional(),
};

const statuses = { online: 'OK', degraded: 'DEGRADED', offline: 'NOT_OK', unknown: 'UNKNOWN' } as const;

type Discovered = Pick<StoragePool, 'arrayId' | 'nativeId' | 'state' | 'visibility' | 'notVisibleSince'>;

export const discoveredBody = (found: Discovered, registration: StoragePool['registration'] = 'registered') => ({
  native_guid: `${found.arrayId}+${found.nativeId}`,
  native_id: found.nativeId,
  operational_status: statuses[found.state],
  registration_status: registration === 'registered' ? ('REGISTERED' as const) : ('UNREGISTERED' as const),
  compatibility_status: 'COMPATIBLE' as const,
  discovery_status: found.visibility === 'visible' ? ('VISIBLE' as const) : ('NOTVISIBLE' as const),
  ...(found.notVisibleSince ? { not_visible_since: found.notVisibleSince } : {}),
});
