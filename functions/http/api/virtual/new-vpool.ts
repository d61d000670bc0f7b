import type * as z from 'zod';
import type { Write } from '../../../../core/change.ts';
import { getReferred } from '../../../../core/inventory/read.ts';
import { newResource } from '../../../../core/inventory/resource.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { stillThere } from '../../../../core/inventory/withdraw.ts';
import type { Rows } from '../../../../core/ports.ts';
import { type vpoolCreateBody, withFields } from './vpool-fields.ts';

type CreateBody = z.infer<typeof vpoolCreateBody>;

/** Refuses what is no virtual array. With the writes that check once more, for the transaction that refers to them. */
export const checkVarrays = async (rows: Rows, ids: readonly string[], field: string): Promise<Write[]> => {
  const varrays = await Promise.all([...new Set(ids)].map((id) => getReferred(rows, 'system', { type: 'VirtualArray', id, field })));
  return varrays.map((varray) => stillThere(varray, field));
};

/** With the defaults of what was not given. */
export const newVpool = (body: CreateBody, { id, at }: { id: string; at: string }): VirtualPool =>
  withFields(
    {
      ...newResource(id, body.name, at),
      description: '',
      protocols: [...new Set(body.protocols)],
      varrayIds: [...new Set(body.varrays)],
      provisioningType: body.provisioning_type === 'Thick' ? 'thick' : 'thin',
      useMatchedPools: true,
      assignedPoolIds: [],
      expandable: true,
      maxPaths: 1,
      minPaths: 1,
      pathsPerInitiator: 1,
      sharedAccess: false,
      allowsUnzeroedPools: false,
    },
    body,
  );
