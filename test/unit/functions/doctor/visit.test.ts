import { beforeEach, describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import type { DriverAnswer } from '../../../../drivers/sdk/driver.ts';
import type { DoctorPorts } from '../../../../functions/doctor/ports.ts';
import { reportText } from '../../../../functions/doctor/report-text.ts';
import { visit } from '../../../../functions/doctor/visit.ts';
import { gib, poolIdOf, startedAt, tenantId } from '../../../support/block-world.ts';
import { alter, healthy, onArray, type Patient } from '../../core/doctor/healthy.ts';

const gatewayCalls = { login: 0, read: 1, change: 0 };
const page = (output: object): DriverAnswer => ({ gatewayCalls, output });

let patient: Patient;
let answers: DriverAnswer[];
let ports: DoctorPorts;

beforeEach(() => {
  patient = healthy();
  const { rows } = patient;
  rows.seed('Inventory', [
    { pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId: tenantId, epoch: 1, createdAt: startedAt },
  ]);
  answers = [];
  ports = {
    rows,
    wholeTable: async (table) => rows.all(table),
    workflows: { state: async () => 'running' },
    drivers: { call: async () => answers.shift() ?? page({ volumes: [onArray(1), onArray(2)], complete: true }) },
    declarationOf: () => ({ namePrefix: 'p' }),
    clock: { now: () => patient.nowMs },
    ids: { ulid: () => '01ARZ3NDEKTSV4RRFFQ69G5FAV', uuid: () => 'u' },
  };
});

const upsetBooks = () => alter(patient.rows, 'Inventory', { managedBytes: 17 * gib, ...resourceKey(poolIdOf(1)) });

describe('a visit of the doctor', () => {
  it('finds nothing where all is well, reading the array page by page', async () => {
    answers = [page({ volumes: [onArray(1)], nextCursor: 'c', complete: false }), page({ volumes: [onArray(2)], complete: true })];
    const report = await visit(ports, { repair: false, arrays: true });
    expect(report).toMatchObject({ findings: [], unasked: [], looked: { arrays: 1, operations: 2 } });
    expect(reportText(report)).toContain('0 findings, 0 left');
  });

  it('leaves what it finds, and says what it could do', async () => {
    upsetBooks();
    const report = await visit(ports, { repair: false, arrays: false });
    expect(report.findings).toMatchObject([{ check: 'capacity', outcome: 'left' }]);
    expect(reportText(report)).toContain('(--repair sets the books to 16.00 GiB');
  });

  it('repairs what it is told to', async () => {
    upsetBooks();
    const report = await visit(ports, { repair: true, arrays: false });
    expect(report.findings).toMatchObject([{ outcome: 'repaired' }]);
    expect(reportText(report)).toContain('[repaired]');
    expect((await visit(ports, { repair: false, arrays: false })).findings).toEqual([]);
  });

  it('does not repair what was changed meanwhile, and fails with the store', async () => {
    upsetBooks();
    ports.rows.transact = () => Promise.reject(new ControlPlaneError('changed', { code: 'resource.changed' }));
    expect(reportText(await visit(ports, { repair: true, arrays: false }))).toContain('[changed meanwhile; look again]');
    ports.rows.transact = () => Promise.reject(new Error('the store is away'));
    await expect(visit(ports, { repair: true, arrays: false })).rejects.toThrow('the store is away');
  });

  it('names the arrays that could not be asked', async () => {
    answers = [{ gatewayCalls, error: { name: 'DriverBusy', code: 'array.busy', message: 'it is away' } }];
    expect(reportText(await visit(ports, { repair: false, arrays: true }))).toContain('could not be asked: it is away');
    const unknown = await visit({ ...ports, declarationOf: () => undefined }, { repair: false, arrays: true });
    expect(unknown.unasked).toMatchObject([{ reason: expect.stringContaining('no driver') }]);
  });
});
