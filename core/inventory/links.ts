import { parseUrn, type UrnType } from '../urn.ts';

const collections: Record<UrnType, string> = {
  TenantOrg: '/tenants',
  Project: '/projects',
  VirtualPool: '/block/vpools',
  VirtualArray: '/vdc/varrays',
  StorageProvider: '/vdc/storage-providers',
  StorageSystem: '/vdc/storage-systems',
  StoragePool: '/vdc/storage-pools',
  StoragePort: '/vdc/storage-ports',
  Host: '/compute/hosts',
  Initiator: '/compute/initiators',
  Volume: '/block/volumes',
  UnManagedVolume: '/vdc/unmanaged/volumes',
  ExportGroup: '/block/exports',
  Task: '/vdc/tasks',
};

const isKnown = (type: string | undefined): type is UrnType => type !== undefined && type in collections;

/** Where a resource is read, from its id alone. */
export const resourceHref = (id: string): string => {
  const type = parseUrn(id)?.type;
  return isKnown(type) ? `${collections[type]}/${id}` : `/${id}`;
};

export const selfLink = (id: string) => ({ rel: 'self', href: resourceHref(id) });

/** `{id, name, link}` as lists show it. */
export const stubBody = (stub: { id: string; name: string }) => ({ id: stub.id, name: stub.name, link: selfLink(stub.id) });

/** `{id, link}` as references to other resources are shown. */
export const referenceBody = (id: string) => ({ id, link: selfLink(id) });
