import { createHash } from 'node:crypto';
import { makeUrn, type UrnType } from '../urn.ts';

/**
 * The id of what discovery finds: derived from the array's id and the object's own, never from address or name, so that the same object
 * found twice, or by two at once, is one resource.
 */
export const discoveredId = (type: UrnType, arrayId: string, nativeId: string): string => {
  const hex = createHash('sha256').update(`${type}/${arrayId}/${nativeId}`).digest('hex');
  return makeUrn(type, [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `9${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-'));
};

/** Over what is stored of an object; equal digests mean that there is nothing to write. */
export const digestOf = (stored: object): string => createHash('sha256').update(JSON.stringify(stored)).digest('hex').slice(0, 16);
