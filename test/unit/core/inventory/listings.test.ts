import { describe, expect, it } from 'vitest';
import { listingRows, listPk, nameSortKey, portScope, tagPk } from '../../../../core/inventory/listings.ts';
import { newResource } from '../../../../core/inventory/resource.ts';
import { makeUrn } from '../../../../core/urn.ts';
import { anExportGroup } from '../../../support/block-exports.ts';
import {
  aHost,
  anInitiator,
  aPool,
  aProject,
  aSystem,
  aVpool,
  hostIdOf,
  initiatorIdOf,
  projectId,
  providerId,
  startedAt,
  systemId,
  tenantId,
  varrayId,
} from '../../../support/block-world.ts';

const volumeId = makeUrn('Volume', '00000000-0000-4000-8000-00000000abcd');
const groupId = makeUrn('ExportGroup', '00000000-0000-4000-8000-00000000abce');

const aGroup = anExportGroup(groupId, { volumes: [{ id: volumeId }] });

describe('where a resource is listed', () => {
  it.each([
    { resource: aProject(), type: 'Project', scopes: [tenantId] },
    { resource: aSystem(), type: 'StorageSystem', scopes: ['all', providerId] },
    { resource: aPool(), type: 'StoragePool', scopes: ['all', systemId, varrayId] },
    { resource: aHost(), type: 'Host', scopes: [tenantId, providerId] },
    { resource: anInitiator(), type: 'Initiator', scopes: [hostIdOf(1), portScope('sdc-1')] },
    { resource: aVpool(), type: 'VirtualPool', scopes: ['all'] },
    { resource: aGroup, type: 'ExportGroup', scopes: [projectId, hostIdOf(1), initiatorIdOf(1), volumeId] },
  ] as const)('$type', ({ resource, type, scopes }) => {
    expect(listingRows(resource).map(({ pk }) => pk)).toEqual(scopes.map((scope) => listPk(scope, type)));
  });

  it('under each of its tags: within its tenant, or for everybody when it has none', () => {
    const rows = listingRows(aProject({ tags: ['Gold'] }));
    expect(rows.at(-1)).toEqual({
      pk: tagPk('gold', 'Project', tenantId),
      sk: expect.stringContaining('gold'),
      id: projectId,
      name: 'Gold',
    });
    expect(listingRows(aVpool({ tags: ['Gold'] })).at(-1)?.pk).toBe('TAG#all#VirtualPool#go');
  });

  it('nowhere once it is removed, or when it is of no kind that is listed', () => {
    expect(listingRows(aProject({ inactive: true, tags: ['gold'] }))).toEqual([]);
    expect(listingRows(newResource(makeUrn('Task', '00000000-0000-4000-8000-00000000abcf'), 'task', startedAt))).toEqual([]);
    expect(listingRows(newResource('no id of ours', 'x', startedAt))).toEqual([]);
  });
});

describe('names in a list', () => {
  it('are told apart when they differ in case alone, and stand side by side', () => {
    expect(nameSortKey('Web')).not.toBe(nameSortKey('web'));
    expect([nameSortKey('Web'), nameSortKey('web'), nameSortKey('Wea')].sort()).toEqual([
      nameSortKey('Wea'),
      nameSortKey('Web'),
      nameSortKey('web'),
    ]);
  });
});
