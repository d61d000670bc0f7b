import { beforeEach, describe, expect, it } from 'vitest';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { madeVolumes } from '../../../support/block-volumes.ts';
import { aProject, gib, otherTenantId, projectId, tenantId, vpoolId } from '../../../support/block-world.ts';
import { aHttpWorld, type HttpWorld, type UserName } from '../../../support/http-world.ts';
import { expectQuotasAddUp, quotaIn } from '../../../support/quotas.ts';

let world: HttpWorld;
beforeEach(() => {
  world = aHttpWorld();
});

const paths = { project: `/projects/${projectId}/quota`, tenant: `/tenants/${tenantId}/quota`, vpool: `/block/vpools/${vpoolId}/quota` };
const put = (path: string, body: object, as: UserName = 'root') => world.send('PUT', path, { as, body });
const get = (path: string, as: UserName = 'root') => world.send('GET', path, { as });
const otherProjectId = makeUrn('Project', '00000000-0000-4000-8000-0000000000aa');

describe('quotas', () => {
  it.each([
    ['project', paths.project, { id: projectId, name: 'finance' }],
    ['tenant', paths.tenant, { id: tenantId, name: 'root' }],
    ['virtual pool', paths.vpool, { id: vpoolId, name: 'gold' }],
  ])('of a %s tell whether they are enabled, of how much, and what is provisioned, in whole GB', async (_noun, path, limited_resource) => {
    await madeVolumes(world, { count: 2 });
    const none = { quota_enabled: false, enabled: false, quota_gb: 0, current_capacity: 16, limited_resource };
    expect(await get(path)).toMatchObject({ status: 200, body: none });
    const set = { quota_enabled: true, enabled: true, quota_gb: 10, current_capacity: 16, limited_resource };
    expect(await put(path, { quota_enabled: true, quota_gb: 10 })).toMatchObject({ status: 200, body: set });
    expect((await get(path)).body).toMatchObject(set);
    expect((await put(path, { quota_enabled: false })).body).toMatchObject({ ...set, quota_enabled: false, enabled: false });
    expect((await put(path, { quota_enabled: 'true' })).body).toMatchObject(set);
    expectQuotasAddUp(world);
  });

  it('round what is provisioned up to whole GB', async () => {
    const [id = ''] = await madeVolumes(world);
    await world.rows.transact([{ do: 'update', table: 'Inventory', key: resourceKey(id), set: { provisionedBytes: 8 * gib + 1 } }]);
    expect((await get(paths.project)).body.current_capacity).toBe(9);
  });

  it('stand with what they were in the history of what they limit, which tells of the time before as it was', async () => {
    const begun = world.nowMs;
    const atSecond = (seconds: number): string => new Date(begun + seconds * 1000).toISOString();
    world.nowMs = begun + 10_000;
    await put(`/projects/${projectId}`, { name: 'money' }, 'tina');
    world.nowMs = begun + 20_000;
    await put(paths.project, { quota_enabled: true, quota_gb: 10 }, 'tina');
    await put(paths.project, { quota_enabled: true, quota_gb: 20 }, 'tina');
    const { body } = await get(`/projects/${projectId}/history`);
    expect(body.event).toMatchObject([{ actor: 'tina' }, { actor: 'tina' }, { actor: 'tina' }]);
    world.nowMs = begun + 30_000;
    expect((await get(`/projects/${projectId}?as_of=${atSecond(15)}`)).body.name).toBe('money');
    expect((await get(`/projects/${projectId}?as_of=${atSecond(5)}`)).body.name).toBe('finance');
    const events = world.rows.all('History').filter((row) => row.pk === projectId && row['at'] === atSecond(20));
    expect(events.map(({ before, after }) => [before, after])).toEqual([
      [
        { quotaEnabled: false, quotaGb: 0 },
        { quotaEnabled: true, quotaGb: 10 },
      ],
      [{ quotaGb: 10 }, { quotaGb: 20 }],
    ]);
  });

  it('that are set to what they are write nothing', async () => {
    await put(paths.project, { quota_enabled: true, quota_gb: 10 });
    const before = world.rows.dump();
    expect((await put(paths.project, { quota_enabled: true })).status).toBe(200);
    expect((await put(paths.vpool, { quota_enabled: false, quota_gb: 5 })).body.quota_gb).toBe(0);
    expect(world.rows.dump()).toBe(before);
  });

  it('are shown by a dry run as they would be, which writes nothing', async () => {
    const before = world.rows.dump();
    const { body } = await put(`${paths.project}?dry_run=true`, { quota_enabled: true, quota_gb: 10 });
    expect(body).toMatchObject({ dry_run: true, plan: { change: { quota_enabled: true, quota_gb: 10 } } });
    expect(world.rows.dump()).toBe(before);
  });

  it.each([
    [{ quota_gb: 10 }, 'quota_enabled'],
    [{ quota_enabled: 'perhaps', quota_gb: 10 }, 'quota_enabled'],
    [{ quota_enabled: true, quota_gb: -1 }, 'quota_gb'],
    [{ quota_enabled: true, quota_gb: 1.5 }, 'quota_gb'],
    [{ quota_enabled: true, quota_gb: 8_388_608 }, 'quota_gb'],
    [{ quota_enabled: true, quota: 10 }, 'quota'],
  ])('refuse %j by the field, and change nothing', async (body, field) => {
    const before = world.rows.dump();
    const answer = await put(paths.project, body);
    expect([answer.status, answer.body.details]).toEqual([400, expect.stringContaining(field)]);
    expect(world.rows.dump()).toBe(before);
  });

  it('of projects are together at most that of their tenant', async () => {
    world.put(
      aProject({ id: otherProjectId, name: 'sales' }),
      aProject({ id: makeUrn('Project', '00000000-0000-4000-8000-0000000000ab'), name: 'third' }),
    );
    await put(`/projects/${otherProjectId}/quota`, { quota_enabled: true, quota_gb: 60 });
    await put(paths.tenant, { quota_enabled: true, quota_gb: 100 });
    const refused = await put(paths.project, { quota_enabled: true, quota_gb: 41 });
    expect([refused.status, refused.body.code]).toEqual([400, 1008]);
    expect(refused.body.details).toContain('41 GB with the 60 GB of the tenant');
    expect((await put(paths.project, { quota_enabled: true, quota_gb: 40 })).status).toBe(200);
    await put(`/projects/${otherProjectId}/quota`, { quota_enabled: false });
    expect((await put(paths.project, { quota_enabled: true, quota_gb: 100 })).status).toBe(200);
    await put(paths.tenant, { quota_enabled: false });
    expect((await put(paths.project, { quota_enabled: true, quota_gb: 500 })).status).toBe(200);
  });

  it('of two projects of one tenant that are set at the same moment come one after the other', async () => {
    world.put(aProject({ id: otherProjectId, name: 'sales' }));
    await put(paths.tenant, { quota_enabled: true, quota_gb: 100 });
    const set = (path: string) => put(path, { quota_enabled: true, quota_gb: 60 });
    const answers = await Promise.all([set(paths.project), set(`/projects/${otherProjectId}/quota`)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
  });

  it.each([
    ['GET', paths.project, ['root', 'monitor', 'tina']],
    ['PUT', paths.project, ['root', 'tina']],
    ['GET', paths.tenant, ['root', 'admin', 'monitor', 'security', 'tina']],
    ['PUT', paths.tenant, ['root', 'admin', 'security']],
    ['GET', paths.vpool, ['root', 'admin', 'monitor']],
    ['PUT', paths.vpool, ['root', 'admin']],
  ] as const)('%s %s: are for those alone that may', async (method, path, may) => {
    const all = ['root', 'admin', 'monitor', 'auditor', 'security', 'tina', 'paul', 'ann', 'plain'] as const;
    const body = method === 'PUT' ? { body: { quota_enabled: true, quota_gb: 5 } } : {};
    const admitted: UserName[] = [];
    for (const as of all) if ((await world.send(method, path, { as, ...body })).status === 200) admitted.push(as);
    expect(admitted).toEqual(may);
  });

  it('of another tenant do not exist', async () => {
    const theirs = makeUrn('Project', '00000000-0000-4000-8000-0000000000cc');
    world.put(aProject({ id: theirs, name: 'theirs', tenantId: otherTenantId }));
    expect((await get(`/projects/${theirs}/quota`, 'tina')).status).toBe(404);
    expect((await put(`/projects/${theirs}/quota`, { quota_enabled: true, quota_gb: 1 }, 'tina')).status).toBe(404);
    expect((await get(paths.tenant, 'stranger')).status).toBe(404);
    expect(quotaIn(world, theirs)).toBeUndefined();
  });
});
