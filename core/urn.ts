import { createHash } from 'node:crypto';

/** Types that stand for the whole installation carry `global` where the others carry the data centre. */
const globalTypes = ['TenantOrg', 'Project', 'VirtualPool'] as const;
const localTypes = [
  'VirtualArray',
  'StorageProvider',
  'StorageSystem',
  'StoragePool',
  'StoragePort',
  'Host',
  'Initiator',
  'Volume',
  'UnManagedVolume',
  'ExportGroup',
  'Task',
] as const;

export type UrnType = (typeof globalTypes)[number] | (typeof localTypes)[number];

const zone = (type: UrnType): string => ((globalTypes as readonly string[]).includes(type) ? 'global' : 'vdc1');

export const makeUrn = (type: UrnType, uuid: string): string => `urn:storageos:${type}:${uuid}:${zone(type)}`;

const pattern = /^urn:storageos:([A-Za-z]+):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):([a-z0-9]*)$/i;

export interface Urn {
  type: string;
  uuid: string;
}

/** Undefined when the text is no URN. */
export const parseUrn = (text: string): Urn | undefined => {
  const match = pattern.exec(text);
  const [, type, uuid] = match ?? [];
  return type && uuid ? { type, uuid: uuid.toLowerCase() } : undefined;
};

export const isUrnOf = (type: UrnType, text: string): boolean => parseUrn(text)?.type === type;

/**
 * The task of one resource in one operation. Derived, so that a task is found by its URN and also by (resource, operation) without an
 * index that might lag.
 */
export const taskIdOf = (operationId: string, resourceId: string): string => {
  const hex = createHash('sha256').update(`${operationId}/${resourceId}`).digest('hex');
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
  return makeUrn('Task', uuid);
};
