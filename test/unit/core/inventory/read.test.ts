import { describe, expect, it } from 'vitest';
import { listingRows, listPk } from '../../../../core/inventory/listings.ts';
import { findResource, getActive, getMany, getReferred, getResource, listStubs, listTagged } from '../../../../core/inventory/read.ts';
import { toRow } from '../../../../core/inventory/resource.ts';
import { aProject, aVpool, otherTenantId, projectId, tenantId, vpoolId } from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

const ours = { tenantId };
const theirs = { tenantId: otherTenantId };
const project = { type: 'Project', id: projectId } as const;
const unknown = { ...project, id: projectId.replace('0003', '00ff') };

const rowsWith = (...resources: Parameters<typeof toRow>[0][]): MemoryRows => {
  const rows = new MemoryRows();
  for (const resource of resources) rows.seed('Inventory', [toRow(resource), ...listingRows(resource)]);
  return rows;
};

describe('a resource', () => {
  it('is read by its tenant and by the system, and does not exist for another tenant', async () => {
    const rows = rowsWith(aProject());
    expect(await getResource(rows, ours, project)).toEqual(aProject());
    expect(await getResource(rows, 'system', project)).toEqual(aProject());
    expect(await findResource(rows, theirs, project)).toBeUndefined();
    await expect(getResource(rows, theirs, project)).rejects.toMatchObject({ code: 'resource.notFound' });
    expect(await getMany(rows, theirs, { type: 'Project', ids: [projectId] })).toEqual([]);
  });

  it('of no tenant is read by everybody', async () => {
    expect(await getResource(rowsWith(aVpool()), theirs, { type: 'VirtualPool', id: vpoolId })).toEqual(aVpool());
  });

  it('is not found under the id of something else', async () => {
    const rows = rowsWith(aVpool());
    expect(await findResource(rows, 'system', { type: 'Project', id: vpoolId })).toBeUndefined();
    await expect(getResource(rows, 'system', { type: 'Project', id: vpoolId })).rejects.toMatchObject({
      code: 'resource.notFound',
      message: `an id of type Project (urn:storageos:Project:<uuid>:…) was expected, but ${vpoolId} is of type VirtualPool`,
    });
  });

  it('is asked for by an id: any other text says what ids look like', async () => {
    await expect(getResource(rowsWith(), ours, { ...project, id: 'finance' })).rejects.toMatchObject({
      code: 'request.uriInvalid',
      message: expect.stringContaining('"finance" is not an id; ids look like urn:storageos:Project:'),
    });
  });

  it('that was removed can still be read, and not be changed', async () => {
    const rows = rowsWith(aProject({ inactive: true }));
    expect(await getResource(rows, ours, project)).toMatchObject({ inactive: true });
    await expect(getActive(rows, ours, project)).rejects.toMatchObject({ code: 'resource.inactive' });
  });
});

describe('a resource that a body names', () => {
  const referred = (rows: MemoryRows, id: string) => getReferred(rows, ours, { ...project, id, field: 'project' });

  it.each([
    { reason: 'no id', id: 'finance', code: 'request.parameterInvalid' },
    { reason: 'the id of something else', id: vpoolId, code: 'request.parameterInvalid' },
    { reason: 'unknown', id: unknown.id, code: 'resource.referenceNotFound' },
  ])('that is $reason is refused, with the field and the value', async ({ id, code }) => {
    await expect(referred(rowsWith(aVpool()), id)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`^project: .*${id}`)),
    });
  });

  it('that was removed is refused, with the field and its name', async () => {
    await expect(referred(rowsWith(aProject({ inactive: true })), projectId)).rejects.toMatchObject({
      code: 'resource.referenceInactive',
      message: `project: the Project finance (${projectId}) was removed`,
    });
  });
});

describe('a list', () => {
  const filled = (count: number): MemoryRows => {
    const rows = new MemoryRows();
    const name = (n: number): string => `v-${String(n).padStart(5, '0')}`;
    const row = (_: unknown, n: number) => ({ pk: listPk(projectId, 'Volume'), sk: name(n), id: `id-${n}`, name: name(n) });
    rows.seed('Inventory', Array.from({ length: count }, row));
    return rows;
  };
  const list = { type: 'Volume', scope: projectId } as const;

  it('comes whole, in order, however many pages the store makes of it', async () => {
    const { stubs, cursor } = await listStubs(filled(2_500), list);
    expect([stubs.length, stubs[0]?.name, stubs.at(-1)?.name, cursor]).toEqual([2_500, 'v-00000', 'v-02499', undefined]);
  });

  it('ends after 10,000 with a cursor for the rest', async () => {
    const rows = filled(10_001);
    const first = await listStubs(rows, list);
    expect(first.stubs).toHaveLength(10_000);
    expect((await listStubs(rows, list, { cursor: first.cursor })).stubs).toEqual([{ id: 'id-10000', name: 'v-10000' }]);
  });

  it('comes in pages when pages are asked for', async () => {
    const { stubs, cursor } = await listStubs(filled(3), list, { limit: 2 });
    expect(stubs).toHaveLength(2);
    expect(cursor).toBeDefined();
  });

  it('of what carries a tag is the tenant’s own, and of everybody for what belongs to none', async () => {
    const rows = rowsWith(aProject({ tags: ['Gold-1'] }), aVpool({ tags: ['gold-2'] }));
    const found = async (type: 'Project' | 'VirtualPool', reader: string | undefined) =>
      (await listTagged(rows, { type, tag: 'GOLD', tenantId: reader })).stubs.map(({ id }) => id);
    expect(await found('Project', tenantId)).toEqual([projectId]);
    expect(await found('Project', otherTenantId)).toEqual([]);
    expect(await found('VirtualPool', undefined)).toEqual([vpoolId]);
  });
});
