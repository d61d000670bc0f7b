import { describe, expect, it } from 'vitest';
import { itlsOfPorts, itlsOfVolumes } from '../../../../core/export/itl.ts';
import { volumeSchema } from '../../../../core/inventory/schemas.ts';
import { madeExport, pairRows } from '../../../support/block-exports.ts';
import { madeVolumes } from '../../../support/block-volumes.ts';
import { aWorld, otherTenantId, tenantId } from '../../../support/block-world.ts';

const exported = async () => {
  const world = aWorld();
  const [id = ''] = await madeVolumes(world);
  const group = await madeExport(world, { volumes: [{ id }] });
  return { world, rows: world.rows, id, group, reader: { tenantId } };
};

describe('how volumes are mapped', () => {
  it('leaves out groups that the caller does not see, and shows what has no number or path so', async () => {
    const { world, rows, id, group, reader } = await exported();
    const [pair] = pairRows(world, id);
    const row = world.row(id);
    if (pair) rows.seed('Inventory', [{ ...pair, lun: undefined, devicePath: undefined }]);
    const volume = volumeSchema.parse({ ...row, id, wwn: undefined });
    await expect(itlsOfVolumes({ rows, reader }, [volume])).resolves.toMatchObject([{ hlu: -1, device: { wwn: null }, device_path: null }]);
    const owned = world.row(group);
    if (owned) rows.seed('Inventory', [{ ...owned, tenantId: otherTenantId }]);
    await expect(itlsOfVolumes({ rows, reader }, [volume])).resolves.toEqual([]);
  });

  it('leaves out volumes of a group that the initiator does not have, and what is known of a volume that is gone', async () => {
    const { world, rows, id, reader } = await exported();
    await world.rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: id, sk: 'RESOURCE' } }]);
    await expect(itlsOfPorts({ rows, reader }, ['sdc-1'])).resolves.toMatchObject([{ device: { id, wwn: null } }]);
    const [pair] = pairRows(world, id);
    await rows.transact([{ do: 'delete', table: 'Inventory', key: { pk: id, sk: pair?.sk ?? '' } }]);
    await expect(itlsOfPorts({ rows, reader }, ['sdc-1'])).resolves.toEqual([]);
  });
});
