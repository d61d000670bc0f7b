import { listStubs } from '../../core/inventory/read.ts';
import type { Rows } from '../../core/ports.ts';
import type { EventPorts } from './ports.ts';

const bucketMs = 300_000;
const pageSize = 100;

/** All of them: those that are being discovered stay in front of the others until that has ended. */
const dueProviders = async (rows: Rows, until: string): Promise<string[]> => {
  const due: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Inventory', index: 'ByDue', pk: 'discovery', limit: pageSize, ...(cursor ? { cursor } : {}) });
    const found = page.rows.filter((row) => String(row['dueSk']) <= until);
    due.push(...found.map(({ pk }) => pk));
    cursor = found.length === page.rows.length ? page.cursor : undefined;
  } while (cursor);
  return due;
};

/** Sends a job for every storage provider whose rediscovery is due. Sent twice within five minutes it is one job. */
export const scheduleDue = async ({ rows, jobs, clock }: EventPorts): Promise<void> => {
  const now = clock.now();
  for (const id of await dueProviders(rows, new Date(now).toISOString()))
    await jobs.send({ kind: 'discovery', targetId: id, deduplicationId: `discovery/${id.slice(-50)}/${Math.floor(now / bucketMs)}` });
};

/** Sends a job for every storage provider: what its pools' books say is compared with its volumes. And one for all quotas. */
export const scheduleDaily = async ({ rows, jobs, clock }: EventPorts): Promise<void> => {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const { stubs } = await listStubs(rows, { type: 'StorageProvider', scope: 'all' });
  for (const { id } of stubs)
    await jobs.send({ kind: 'capacity-sum', targetId: id, deduplicationId: `capacity-sum/${id.slice(-50)}/${day}` });
  await jobs.send({ kind: 'quota-sum', targetId: 'quotas', deduplicationId: `quota-sum/${day}` });
};
