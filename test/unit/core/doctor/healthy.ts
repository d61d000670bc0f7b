import type { Row, TableName } from '../../../../core/change.ts';
import type { ArrayView } from '../../../../core/doctor/arrays.ts';
import { estateOf } from '../../../../core/doctor/estate.ts';
import { examine } from '../../../../core/doctor/examine.ts';
import type { Finding } from '../../../../core/doctor/finding.ts';
import { putPair } from '../../../../core/export/pair.ts';
import { listingRows } from '../../../../core/inventory/listings.ts';
import { newResource, type Resource, toRow } from '../../../../core/inventory/resource.ts';
import type { ExportGroup, Volume } from '../../../../core/inventory/schemas.ts';
import type { Operation, Task } from '../../../../core/operation/schema.ts';
import { operationWrites, taskWrite } from '../../../../core/operation/store.ts';
import type { ExecutionState } from '../../../../core/ports.ts';
import { makeUrn, taskIdOf } from '../../../../core/urn.ts';
import { nativeNameOf } from '../../../../core/volume/native-name.ts';
import type { ObservedVolume } from '../../../../drivers/sdk/model.ts';
import { anExportGroup } from '../../../support/block-exports.ts';
import {
  aHost,
  anInitiator,
  aPool,
  aProject,
  aProvider,
  aVarray,
  aVpool,
  gib,
  hostIdOf,
  initiatorIdOf,
  poolIdOf,
  projectId,
  providerId,
  startedAt,
  systemId,
  tenantId,
  varrayId,
  vpoolId,
} from '../../../support/block-world.ts';
import { MemoryRows } from '../../../support/memory-rows.ts';

export const mark = { prefix: 'p', mark: 'abc123' };
export const volumeIdOf = (n: number): string => makeUrn('Volume', `00000000-0000-4000-8000-00000000010${n}`);
export const groupId = makeUrn('ExportGroup', '00000000-0000-4000-8000-000000000200');
export const endedId = '00000000-0000-4000-8000-00000000e0d1';
export const openId = '00000000-0000-4000-8000-00000000e0d2';

export const aVolume = (n: number, patch: Partial<Volume> = {}): Volume => ({
  ...newResource(volumeIdOf(n), `data-${n}`, startedAt),
  tenantId,
  projectId,
  varrayId,
  vpoolId,
  poolId: poolIdOf(1),
  systemId,
  providerId,
  state: 'ready',
  provisioningType: 'thin',
  requestedBytes: 8 * gib,
  provisionedBytes: 8 * gib,
  nativeName: nativeNameOf(mark, volumeIdOf(n)),
  nativeId: `v-${n}`,
  nativeCreatedAt: startedAt,
  ...patch,
});

export const aGroup = (patch: Partial<ExportGroup> = {}): ExportGroup =>
  anExportGroup(groupId, { name: 'to-host', volumes: [{ id: volumeIdOf(1) }], ...patch });

const operation = (id: string): Operation => ({
  id,
  workflow: 'volume-create',
  state: 'accepted',
  owner: id,
  repairs: 0,
  tenantId,
  requestedBy: 'tina',
  correlationId: 'c',
  acceptedAt: startedAt,
  taskIds: [taskIdOf(id, volumeIdOf(1))],
});

const task = (operationId: string, state: Task['state']): Task => ({
  id: taskIdOf(operationId, volumeIdOf(1)),
  operationId,
  resourceId: volumeIdOf(1),
  resourceName: 'data-1',
  tenantId,
  name: 'CREATE VOLUME',
  state,
  message: '',
  progress: 0,
  startedAt,
  associatedIds: [],
});

const pair = putPair({
  volumeId: volumeIdOf(1),
  initiatorId: initiatorIdOf(1),
  version: 1,
  tenantId,
  hostId: hostIdOf(1),
  initiatorType: 'sdc',
  port: 'sdc-1',
  groups: [groupId],
  origin: 'made',
  access: 'read-write',
});

export const onArray = (n: number, patch: Partial<ObservedVolume> = {}): ObservedVolume => ({
  nativeId: `v-${n}`,
  name: nativeNameOf(mark, volumeIdOf(n)),
  poolNativeId: 'sp-1',
  sizeBytes: 8 * gib,
  provisioningType: 'thin',
  kind: 'volume',
  createdAt: startedAt,
  mappings: n === 1 ? [{ initiatorType: 'sdc', initiatorId: 'sdc-1', access: 'read-write', limits: {} }] : [],
  ...patch,
});

const slot = (holder: string): Row => ({
  pk: 'SLOTS#array-1',
  sk: `SLOT#${holder}`,
  holder: `${holder}/call`,
  leaseUntilSeconds: Date.parse(startedAt) / 1000 + 300,
});

const native = (n: number): Row => ({ pk: 'NATIVE#array-1#volume', sk: `v-${n}`, id: volumeIdOf(n) });

const resources = (): Resource[] => [
  aProject(),
  aVarray(),
  aVpool(),
  aProvider(),
  aPool({ managedBytes: 16 * gib, managedCount: 2 }),
  aHost(1),
  anInitiator(1),
  aVolume(1),
  aVolume(2),
  aGroup(),
];

type Key = Pick<Row, 'pk' | 'sk'>;

/** Writes around the product; undefined removes. */
export const alter = (rows: MemoryRows, table: TableName, patch: Row): void => {
  const row = rows.all(table).find(({ pk, sk }) => pk === patch.pk && sk === patch.sk);
  rows.seed(table, [{ ...row, ...patch }]);
};

export const drop = (rows: MemoryRows, table: TableName, { pk, sk }: Key): Promise<void> =>
  rows.transact([{ do: 'delete', table, key: { pk, sk } }]);

/** A store in which everything is as it must be, with one operation open and one that has ended; and its array. */
export const healthy = () => {
  const rows = new MemoryRows();
  rows.seed('Inventory', [...resources().flatMap((each) => [toRow(each), ...listingRows(each)]), native(1), native(2)]);
  rows.seed('Inventory', pair.do === 'put' ? [pair.row] : []);
  const written = [
    ...operationWrites(operation(endedId), {}, [task(endedId, 'ready')]),
    ...operationWrites(operation(openId), {}, [task(openId, 'pending')]),
  ];
  rows.seed(
    'Tasks',
    written.flatMap((write) => (write.do === 'put' ? [write.row] : [])),
  );
  alter(rows, 'Tasks', { pk: `OPERATION#${endedId}`, sk: 'OPERATION', state: 'committed', openPk: undefined, openSk: undefined });
  rows.seed('Coordination', [slot(openId)]);
  const views: ArrayView[] = [{ provider: aProvider(), mark, volumes: [onArray(1), onArray(2)], complete: true }];
  return { rows, views, executions: new Map<string, ExecutionState>([[openId, 'running']]), nowMs: Date.parse(startedAt) + 1000, epoch: 1 };
};

export type Patient = ReturnType<typeof healthy>;

export const author = { actor: 'doctor', at: startedAt, ulid: () => '01ARZ3NDEKTSV4RRFFQ69G5FAV' };

export const findingsOf = ({ rows, views, executions, nowMs, epoch }: Patient): Finding[] =>
  examine({
    estate: estateOf({ inventory: rows.all('Inventory'), tasks: rows.all('Tasks'), coordination: rows.all('Coordination') }),
    moment: { nowMs, epoch, executions },
    author,
    arrays: views,
  });

export const aSlotHeldBy = slot;
export const aTask = task;
export const taskRowOf = (each: Task): Row[] => {
  const write = taskWrite(each);
  return write.do === 'put' ? [write.row] : [];
};
