import type * as z from 'zod';
import { newResource } from '../../../../core/inventory/resource.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { type vpoolCreateBody, withFields } from './vpool-fields.ts';

type CreateBody = z.infer<typeof vpoolCreateBody>;

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
