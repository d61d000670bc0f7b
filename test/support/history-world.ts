import type { Write } from '../../core/change.ts';
import { type Author, changed, created } from '../../core/inventory/changes.ts';
import { newResource, resourceKey } from '../../core/inventory/resource.ts';
import { type ExportGroup, exportGroupSchema } from '../../core/inventory/schemas.ts';
import { forgotten } from '../../core/provider/removal.ts';
import { makeUrn } from '../../core/urn.ts';
import { randomIds } from '../../platform/aws/ids.ts';
import { MemoryRows } from './memory-rows.ts';

export const tenantId = makeUrn('TenantOrg', '00000000-0000-4000-8000-000000000001');
export const projectId = makeUrn('Project', '00000000-0000-4000-8000-000000000002');
export const groupIdOf = (n: number): string => makeUrn('ExportGroup', `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);

export const beganMs = Date.parse('2026-03-01T23:59:00.000Z');

const aGroup = (n: number, at: string): ExportGroup => ({
  ...newResource(groupIdOf(n), `group-${n}`, at),
  tenantId,
  projectId,
  varrayId: 'east',
  exportType: 'Host',
  state: 'ready',
  hostIds: [],
  initiatorIds: [],
  volumes: [],
});

/** A store in which export groups of one project come, change and go, by a clock that the test moves. */
export class HistoryWorld {
  readonly rows = new MemoryRows();
  nowMs = beganMs;
  /** How far the clock is off of the function that writes next: its keys are by its own clock. */
  skewMs = 0;
  readonly #ids = new Map<number, ReturnType<typeof randomIds>>();

  get at(): string {
    return new Date(this.nowMs).toISOString();
  }

  author(): Author {
    const { skewMs } = this;
    const ids = this.#ids.get(skewMs) ?? randomIds(() => this.nowMs + skewMs);
    this.#ids.set(skewMs, ids);
    return { actor: 'tina', at: this.at, operationId: 'o1', ulid: () => ids.ulid() };
  }

  async group(n: number): Promise<ExportGroup | undefined> {
    const row = await this.rows.get('Inventory', resourceKey(groupIdOf(n)));
    return row && exportGroupSchema.parse({ ...row, id: row.pk });
  }

  create(n: number): Promise<void> {
    return this.#write(created(aGroup(n, this.at), this.author()));
  }

  /** Nothing when there is no such group. */
  async change(n: number, patch: (group: ExportGroup) => Partial<ExportGroup>): Promise<void> {
    const group = await this.group(n);
    if (group) await this.#write(changed(group, patch(group), { author: this.author() }));
  }

  /** As discovery's finds go: the row is deleted. */
  async forget(n: number): Promise<void> {
    const group = await this.group(n);
    if (group) await this.#write(forgotten(group, this.author()));
  }

  async #write(writes: readonly Write[]): Promise<void> {
    if (writes.length > 0) await this.rows.transact(writes);
  }
}
