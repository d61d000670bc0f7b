import * as z from 'zod';

export const nameField = z.string().min(2).max(128).describe('2 to 128 characters');
export const idField = z.string().max(200).describe('An id, urn:storageos:…');

/** Where old clients send numbers as text and text as numbers. */
export const numberField = (min: number, max: number) => z.coerce.number<number | string>().int().min(min).max(max);

/** `true`, `false`, or the same as text. */
export const flagField = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
