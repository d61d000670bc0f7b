import { listStubs } from '../../core/inventory/read.ts';
import type { EventPorts } from './ports.ts';

const bucketMs = 300_000;

/** Sends a job for every storage provider whose rediscovery is due. Sent twice within five minutes it is one job. */
export const scheduleDue = async (ports: EventPorts): Promise<void> => {
  const now = ports.clock.now();
  const until = new Date(now).toISOString();
  const page = await ports.rows.query({ table: 'Inventory', index: 'ByDue', pk: 'discovery', limit: 100 });
  for (const row of page.rows) {
    if (String(row['dueSk']) > until) return;
    await ports.jobs.send({
      kind: 'discovery',
      targetId: row.pk,
      deduplicationId: `discovery/${row.pk.slice(-50)}/${Math.floor(now / bucketMs)}`,
    });
  }
};

/** Sends a job for every storage provider: what its pools' books say is compared with its volumes. */
export const scheduleDaily = async ({ rows, jobs, clock }: EventPorts): Promise<void> => {
  const day = new Date(clock.now()).toISOString().slice(0, 10);
  const { stubs } = await listStubs(rows, { type: 'StorageProvider', scope: 'all' });
  for (const { id } of stubs)
    await jobs.send({ kind: 'capacity-sum', targetId: id, deduplicationId: `capacity-sum/${id.slice(-50)}/${day}` });
};
