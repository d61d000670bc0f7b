import * as z from 'zod';

/** What would break a line, hide itself or turn the text around it, in a log or on an operator's screen. */
const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** 2 to 128 characters, none of which is a control character. */
export const labelField = z
  .string()
  .min(2)
  .max(128)
  .refine((text) => !unprintable.test(text), 'must have no control characters');

export const nameField = labelField.describe('2 to 128 characters');
export const idField = z.string().max(200).describe('An id, urn:storageos:…');

/** Where old clients send numbers as text and text as numbers. */
export const numberField = (min: number, max: number) => z.coerce.number<number | string>().int().min(min).max(max);

/** `true`, `false`, or the same as text. */
export const flagField = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
