import { stubBody } from '../inventory/links.ts';
import type { Rows } from '../ports.ts';
import { bytesPerGb, type Quota } from './quota.ts';
import { provisionedBytes } from './scope.ts';

const usedGb = (bytes: number): number => Math.ceil(bytes / bytesPerGb);

/** Only the counter of a quota that holds has everything; else the volumes are summed. */
export const quotaBody = async (rows: Rows, limited: { readonly id: string; readonly name: string }, quota: Quota | undefined) => {
  const isEnabled = quota !== undefined && quota.state !== 'off';
  const bytes = quota?.state === 'counted' ? quota.usedBytes : await provisionedBytes(rows, limited.id);
  return {
    quota_enabled: isEnabled,
    enabled: isEnabled,
    quota_gb: quota?.limitGb ?? 0,
    current_capacity: usedGb(bytes),
    limited_resource: stubBody(limited),
  };
};
