import * as z from 'zod';
import { listStubs } from '../../../../core/inventory/read.ts';
import type { StorageProvider } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import { driverOf } from '../../../../drivers/registry.ts';
import { commonBody, commonShape, epochMs, referenceShape, referencesBody } from '../common-body.ts';
import { type ResourceKind, systemAdmins, systemReaders } from '../resource-kind.ts';

const providerShape = z.object({
  ...commonShape,
  interface: z.string(),
  ip_address: z.string(),
  port_number: z.number(),
  endpoints: z
    .array(z.object({ ip_address: z.string(), port_number: z.number() }))
    .describe('Gateways of the array, in the order in which they are tried'),
  use_ssl: z.boolean(),
  certificate_sha256: z.array(z.string()).describe('Fingerprints that are trusted, if the certificate is pinned'),
  user_name: z.string(),
  connection_status: z.enum(['CONNECTED', 'NOTCONNECTED']),
  version_string: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  provider_id: z.string().describe("The array's own id, to which the provider is pinned"),
  storage_systems: z.array(referenceShape),
  job_scan_status: z.enum(['CREATED', 'IN_PROGRESS', 'COMPLETE', 'ERROR']),
  last_scan_time: z.number().optional(),
  success_scan_time: z.number().optional(),
  last_scan_status_message: z.string().optional(),
  registration_status: z.enum(['REGISTERED']),
  compatibility_status: z.enum(['COMPATIBLE']),
  operations: z.enum(['normal', 'drain', 'frozen']).describe('The brake: frozen means that nothing on the array is changed'),
  operations_reason: z.string().optional(),
  operations_since: z.string().optional(),
});

const scanStatuses = { created: 'CREATED', 'in-progress': 'IN_PROGRESS', complete: 'COMPLETE', error: 'ERROR' } as const;

const connectionBody = (provider: StorageProvider) => ({
  ip_address: provider.endpoints[0]?.host ?? '',
  port_number: provider.endpoints[0]?.port ?? 0,
  endpoints: provider.endpoints.map(({ host, port }) => ({ ip_address: host, port_number: port })),
  use_ssl: provider.tls.mode !== 'none',
  certificate_sha256: provider.tls.mode === 'pinned' ? provider.tls.sha256 : [],
  user_name: provider.userName,
  connection_status: provider.connection === 'connected' ? ('CONNECTED' as const) : ('NOTCONNECTED' as const),
});

const scanBody = ({ discovery }: StorageProvider) => ({
  job_scan_status: scanStatuses[discovery.status],
  ...(discovery.lastRunAt ? { last_scan_time: epochMs(discovery.lastRunAt) } : {}),
  ...(discovery.successAt ? { success_scan_time: epochMs(discovery.successAt) } : {}),
  ...(discovery.message ? { last_scan_status_message: discovery.message } : {}),
});

const providerBody = (provider: StorageProvider, systemIds: readonly string[]): z.infer<typeof providerShape> => ({
  ...commonBody(provider),
  interface: provider.interfaceType,
  ...connectionBody(provider),
  version_string: provider.versionText,
  manufacturer: driverOf(provider.driverType)?.displayName ?? provider.driverType,
  model: provider.model,
  provider_id: provider.arrayId,
  storage_systems: referencesBody(systemIds),
  ...scanBody(provider),
  registration_status: 'REGISTERED',
  compatibility_status: 'COMPATIBLE',
  operations: provider.operations,
  ...(provider.brakeReason ? { operations_reason: provider.brakeReason } : {}),
  ...(provider.brakeSince ? { operations_since: provider.brakeSince } : {}),
});

/** A provider never shows its credentials. */
export const showProvider = async (provider: StorageProvider, { rows }: { readonly rows: Rows }) => {
  const { stubs } = await listStubs(rows, { type: 'StorageSystem', scope: provider.id });
  return providerBody(
    provider,
    stubs.map(({ id }) => id),
  );
};

export const providerKind: ResourceKind<'StorageProvider'> = {
  type: 'StorageProvider',
  path: '/vdc/storage-providers',
  noun: 'storage provider',
  listKey: 'storage_provider',
  body: providerShape,
  read: systemReaders,
  write: systemAdmins,
  scope: 'all',
  represent: showProvider,
};
