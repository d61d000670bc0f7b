import { randomUUID } from 'node:crypto';
import type { Write } from '../../core/change.ts';
import { created } from '../../core/inventory/changes.ts';
import { newResource } from '../../core/inventory/resource.ts';
import type { Volume } from '../../core/inventory/schemas.ts';
import type { Rows } from '../../core/ports.ts';
import { makeUrn } from '../../core/urn.ts';
import { randomIds } from '../../platform/aws/ids.ts';
import type { Installed } from './world.ts';

/** Real rows, put into the store beside the API, which would make each volume on the array. */

interface Wanted {
  readonly projectId: string;
  readonly count: number;
}

const volumesPerTransaction = 25;
const sideBySide = 4;

/** Like the volume that is there, under other names. */
const copyOf = (like: Volume, projectId: string, n: number): Volume => ({
  ...like,
  ...newResource(makeUrn('Volume', randomUUID()), `seeded-${String(n).padStart(5, '0')}`, like.createdAt),
  projectId,
});

export const seedVolumes = async (rows: Rows, like: Volume, { projectId, count }: Wanted): Promise<void> => {
  const ids = randomIds(Date.now);
  const author = { actor: 'bench', at: like.createdAt, ulid: () => ids.ulid() };
  const batches = Array.from({ length: Math.ceil(count / volumesPerTransaction) }, (_, batch): Write[] =>
    Array.from({ length: Math.min(volumesPerTransaction, count - batch * volumesPerTransaction) }, (__, n) =>
      created(copyOf(like, projectId, batch * volumesPerTransaction + n), author),
    ).flat(),
  );
  const worker = async (): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await rows.transact(batch);
  };
  await Promise.all(Array.from({ length: sideBySide }, worker));
};

const tries = 40;

/** Milliseconds for a page of 50 out of the middle of a project's volumes, the whole request: median and 99th percentile. */
export const pageMs = async (world: Installed, projectId: string): Promise<{ p50Ms: number; p99Ms: number }> => {
  const times: number[] = [];
  let cursor = '';
  for (let n = 0; n < tries; n += 1) {
    const begunAt = performance.now();
    const { body, status } = await world.get(`/block/volumes/search?project=${projectId}&limit=50${cursor}`);
    times.push(performance.now() - begunAt);
    if (status !== 200 || body.resource.length !== 50) throw new Error(`a page of ${body.resource?.length} (${status})`);
    cursor = `&cursor=${body.next_cursor}`;
  }
  const sorted = times.toSorted((a, b) => a - b);
  return { p50Ms: sorted[tries / 2] ?? 0, p99Ms: sorted.at(-1) ?? 0 };
};
