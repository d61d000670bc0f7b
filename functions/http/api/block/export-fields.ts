import * as z from 'zod';
import { idField, numberField } from '../fields.ts';

export const ids = z.array(idField).max(100).default([]);

/** CoprHD's clients send -1 for "any number". */
export const exportedVolumes = z
  .array(z.strictObject({ id: idField, lun: numberField(-1, 65_535).optional() }))
  .max(100)
  .default([]);

const noChange = { add: [], remove: [] };
export const idChanges = z.strictObject({ add: ids, remove: ids }).default(noChange);
export const volumeChanges = z.strictObject({ add: exportedVolumes, remove: ids }).default(noChange);
