import * as z from 'zod';
import { brakeSchema } from '../../../core/inventory/schemas.ts';
import { flagField, nameField, numberField } from '../api/fields.ts';

const text = z.string().min(1).max(512);

export const hostField = z
  .string()
  .max(253)
  .refine((host) => /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$|^[0-9A-Fa-f:.]+$/.test(host), 'must be a host name or an IP address')
  .describe('Host name or address of the gateway');

/** SHA-256 of a certificate, with or without colons, as drivers compare it. */
export const fingerprintField = z
  .string()
  .max(100)
  .refine(
    (fingerprint) => /^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/.test(fingerprint),
    'must be a SHA-256 fingerprint: 64 hexadecimal digits',
  )
  .transform((fingerprint) =>
    fingerprint
      .replaceAll(':', '')
      .toUpperCase()
      .replaceAll(/(..)(?!$)/g, '$1:'),
  )
  .describe('Trust the gateway whose certificate has this SHA-256 fingerprint');

const trust = {
  certificate_sha256: fingerprintField.optional(),
  ca_certificate: z.string().max(65_536).startsWith('-----BEGIN CERTIFICATE-----').optional().describe('Trust what this CA signed; PEM'),
};

const password = z.string().min(1).max(4096).describe('Kept in Secrets Manager alone');

export const providerCreateBody = z.strictObject({
  name: nameField,
  interface_type: text.describe('Which driver serves it, such as scaleioapi'),
  ip_address: hostField,
  port_number: numberField(1, 65_535),
  user_name: text,
  password,
  use_ssl: flagField.default(true),
  ...trust,
});
export type ProviderCreate = z.infer<typeof providerCreateBody>;

export const providerUpdateBody = z.strictObject({
  name: nameField.optional(),
  ip_address: hostField.optional(),
  port_number: numberField(1, 65_535).optional(),
  user_name: text.optional(),
  password: password.optional(),
  operations: brakeSchema.optional().describe('The brake: drain accepts nothing new, frozen changes nothing on the array'),
  operations_reason: z.string().min(1).max(200).optional(),
  ...trust,
});
export type ProviderUpdate = z.infer<typeof providerUpdateBody>;
