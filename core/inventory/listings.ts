import type { Key, Row } from '../change.ts';
import { type Resource, typeOf } from './resource.ts';
import type { ResourceType } from './schemas.ts';

/**
 * Rows by which lists and searches find resources. They are written in the resource's own transaction and read consistently. A row's
 * sort key begins with the lower-case name, so that a search by prefix is blind to case.
 */

/** `all`, or the id of the parent, project or tenant whose list it is. */
type Scope = string;

interface Listing {
  scope: Scope;
  /** No two resources of one name in the scope. */
  unique?: true;
}

const field = (resource: Resource, name: string): string => {
  const value: unknown = Reflect.get(resource, name);
  return typeof value === 'string' ? value : '';
};

const ids = (resource: Resource, name: string): string[] => {
  const value: unknown = Reflect.get(resource, name);
  return Array.isArray(value) ? value.filter((id) => typeof id === 'string') : [];
};

const parents = (resource: Resource, ...names: string[]): Listing[] => names.map((name) => ({ scope: field(resource, name) }));

/** The list of initiators that arrays know by this port; more than one only while a host is seen by several arrays. */
export const portScope = (port: string): string => `port:${port}`;

const exportedVolumeIds = (group: Resource): string[] => {
  const volumes: unknown = Reflect.get(group, 'volumes');
  return Array.isArray(volumes) ? volumes.map((volume) => String(Reflect.get(Object(volume), 'id'))) : [];
};

const all: Listing = { scope: 'all' };

const listingsOf: Record<ResourceType, (resource: Resource) => readonly Listing[]> = {
  TenantOrg: () => [all],
  Project: (project) => [{ scope: field(project, 'tenantId'), unique: true }],
  StorageProvider: () => [{ ...all, unique: true }],
  StorageSystem: (system) => [all, ...parents(system, 'providerId')],
  StoragePool: (pool) => [all, ...parents(pool, 'systemId'), ...ids(pool, 'assignedVarrayIds').map((scope) => ({ scope }))],
  StoragePort: (port) => [all, ...parents(port, 'systemId')],
  Host: (host) => parents(host, 'tenantId', 'providerId'),
  Initiator: (initiator) => [...parents(initiator, 'hostId'), { scope: portScope(field(initiator, 'port')) }],
  VirtualArray: () => [{ ...all, unique: true }],
  VirtualPool: () => [{ ...all, unique: true }],
  Volume: (volume) => [{ scope: field(volume, 'projectId'), unique: true }],
  ExportGroup: (group) => [
    { scope: field(group, 'projectId'), unique: true },
    ...[...ids(group, 'hostIds'), ...ids(group, 'initiatorIds'), ...exportedVolumeIds(group)].map((scope) => ({ scope })),
  ],
};

export const listPk = (scope: Scope, type: ResourceType): string => `LIST#${scope}#${type}`;

/** Sorts and searches blind to case, yet keeps names apart that differ in case alone. */
export const nameSortKey = (name: string): string => `${name.toLowerCase()}\u0000${name}`;

export const tagPk = (tag: string, type: string, tenantId: string | undefined): string =>
  `TAG#${tenantId ?? 'all'}#${type}#${tag.toLowerCase().slice(0, 2)}`;

export const tagSortKey = (tag: string, id: string): string => `${tag.toLowerCase()}\u0000${id}`;

export interface ListingRow extends Row {
  readonly id: string;
  readonly name: string;
}

const isListed = (type: string): type is ResourceType => type in listingsOf;

const nameRow = (resource: Resource, type: ResourceType, listing: Listing): ListingRow => {
  const sort = nameSortKey(resource.name);
  const key: Key = { pk: listPk(listing.scope, type), sk: listing.unique ? sort : `${sort}\u0000${resource.id}` };
  return { ...key, id: resource.id, name: resource.name, ...(listing.unique ? { unique: true } : {}) };
};

const tagRow = (resource: Resource, type: ResourceType, tag: string): ListingRow => ({
  pk: tagPk(tag, type, resource.tenantId),
  sk: tagSortKey(tag, resource.id),
  id: resource.id,
  name: tag,
});

/** Every row by which this resource can be found. */
export const listingRows = (resource: Resource): readonly ListingRow[] => {
  const type = typeOf(resource);
  if (!isListed(type) || resource.inactive) return [];
  const named = listingsOf[type](resource).map((listing) => nameRow(resource, type, listing));
  return [...named, ...resource.tags.map((tag) => tagRow(resource, type, tag))];
};
