import type { Key, Row } from '../change.ts';
import { type Resource, typeOf } from './resource.ts';
import type { ResourceOf, ResourceType } from './schemas.ts';

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

const all: Listing = { scope: 'all' };

const scopes = (...ids: readonly string[]): Listing[] => ids.map((scope) => ({ scope }));

/** The list of initiators that arrays know by this port; more than one only while a host is seen by several arrays. */
export const portScope = (port: string): string => `port:${port}`;

const listingsOf: { readonly [T in ResourceType]: (resource: ResourceOf<T>) => readonly Listing[] } = {
  TenantOrg: () => [all],
  Project: ({ tenantId }) => [{ scope: tenantId, unique: true }],
  StorageProvider: () => [{ ...all, unique: true }],
  StorageSystem: ({ providerId }) => [all, ...scopes(providerId)],
  StoragePool: ({ systemId, assignedVarrayIds }) => [all, ...scopes(systemId, ...assignedVarrayIds)],
  StoragePort: ({ systemId }) => [all, ...scopes(systemId)],
  Host: ({ tenantId, providerId }) => scopes(tenantId, providerId),
  Initiator: ({ hostId, port }) => scopes(hostId, portScope(port)),
  VirtualArray: () => [{ ...all, unique: true }],
  VirtualPool: () => [{ ...all, unique: true }],
  Volume: ({ projectId }) => [{ scope: projectId, unique: true }],
  /** One row each: they are listed by what discovery has noted of the array. */
  UnManagedVolume: () => [],
  ExportGroup: ({ projectId, hostIds, initiatorIds, volumes }) => [
    { scope: projectId, unique: true },
    ...scopes(...hostIds, ...initiatorIds, ...volumes.map(({ id }) => id)),
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

/** The id of a resource says its type, and with it what else the resource has. */
const placesOf = (type: ResourceType, resource: Resource): readonly Listing[] =>
  (listingsOf[type] as (resource: Resource) => readonly Listing[])(resource);

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
  const named = placesOf(type, resource).map((listing) => nameRow(resource, type, listing));
  return [...named, ...resource.tags.map((tag) => tagRow(resource, type, tag))];
};

/**
 * Whether it is noted who leaves the list of this row, so that the list can be asked for as it was at a time. Not so of tags, and of the export
 * groups of a host, an initiator or a volume, which would make each export dearer.
 */
export const isRemembered = ({ pk, unique }: { readonly pk: string; readonly unique?: unknown }): boolean =>
  pk.startsWith('LIST#') && (unique === true || !pk.endsWith('#ExportGroup'));
