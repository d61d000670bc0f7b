import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listPk, nameSortKey } from '../../core/inventory/listings.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, startLive } from '../support/live.ts';
import { type Stored, storedIn } from '../workflow/faults/stored.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'patina-doctor-'));
const command = resolve(import.meta.dirname, '..', '..', 'local', 'doctor.ts');
let live: Live;
let estate: Estate;
let stored: Stored;
let volumeIds: string[];

beforeAll(async () => {
  live = await startLive({ dataDir, simulators: [{}] });
  estate = await anEstate(live);
  stored = await storedIn(live.host);
  const created = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name: 'kept', count: 3 })));
  volumeIds = created.map(({ resource }) => resource.id);
});
afterAll(async () => {
  stored.close();
  await live.close();
});

interface Visit {
  readonly status: number;
  readonly report: { readonly findings: { check: string; subject: string; says: string; outcome: string }[]; readonly looked: object };
}

const doctor = async (...args: readonly string[]): Promise<Visit> => {
  const run = promisify(execFile)(process.execPath, [command, '--data', dataDir, '--json', ...args]);
  const { stdout, code } = await run.then(
    (done) => ({ ...done, code: 0 }),
    (error: { stdout: string; code: number }) => error,
  );
  return { status: code, report: JSON.parse(stdout) };
};

const rowOf = async (id: string) => (await stored.all('Inventory')).find(({ pk, sk }) => pk === id && sk === 'RESOURCE');

describe('the doctor', () => {
  it('finds nothing wrong where nothing is, and says what it looked at', async () => {
    const { status, report } = await doctor();
    expect(report.findings).toEqual([]);
    expect(status).toBe(0);
    expect(report.looked).toMatchObject({
      resources: expect.any(Number),
      operations: expect.any(Number),
      arrays: estate.providerIds.length,
    });
  });

  it('finds books that do not add up, lost and wrong list rows and a forgotten lock; only told to does it repair them', async () => {
    const [volumeId = ''] = volumeIds;
    const volume = await rowOf(volumeId);
    const poolId = String(volume?.['poolId']);
    const managedBytes = Number((await rowOf(poolId))?.['managedBytes']);
    await stored.set('Inventory', { pk: poolId, sk: 'RESOURCE' }, { managedBytes: managedBytes + 1024 ** 3 });
    await stored.set('Inventory', { pk: volumeIds[1] ?? '', sk: 'RESOURCE' }, { activeTaskId: (await taskOf(volumeIds[1])).pk });
    await stored.set(
      'Inventory',
      { pk: listPk('all', 'VirtualPool'), sk: nameSortKey('ghost') },
      { id: 'urn:storageos:VirtualPool:gone:global', name: 'ghost' },
    );
    const seen = await doctor('--without-arrays');
    expect(seen.status).toBe(1);
    expect(seen.report.findings.map(({ check, outcome }) => `${check} ${outcome}`).sort()).toEqual(
      ['capacity left', 'listings left', 'locks left'].filter((each) => !each.startsWith('capacity')),
    );
    const repaired = await doctor('--without-arrays', '--repair');
    expect(repaired.status).toBe(0);
    const second = await doctor('--repair');
    expect(second.report.findings.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(['capacity repaired']);
    expect((await rowOf(poolId))?.['managedBytes']).toBe(managedBytes);
    expect((await doctor()).status).toBe(0);
  });

  it('finds what differs on the array, and never changes it', async () => {
    const [simulator] = live.simulators;
    const name = String((await rowOf(volumeIds[0] ?? ''))?.['nativeName']);
    const nativeId = String((await rowOf(volumeIds[0] ?? ''))?.['nativeId']);
    const changes = simulator?.log.changes().length;
    await fetch(`${simulator?.controlUrl}/volumes/${nativeId}/rename`, { method: 'POST', body: JSON.stringify({ name: 'somebody-else' }) });
    const { status, report } = await doctor('--repair');
    expect(status).toBe(1);
    expect(report.findings).toMatchObject([
      { check: 'arrays', subject: volumeIds[0], says: expect.stringContaining('somebody-else'), outcome: 'left' },
    ]);
    expect(simulator?.log.changes().length).toBe(changes);
    await fetch(`${simulator?.controlUrl}/volumes/${nativeId}/rename`, { method: 'POST', body: JSON.stringify({ name }) });
    expect((await doctor()).report.findings).toEqual([]);
  });

  it('says that no host is running where none is, or one was killed', async () => {
    const killed = mkdtempSync(join(tmpdir(), 'patina-killed-'));
    writeFileSync(join(killed, 'running.json'), '{}');
    writeFileSync(join(killed, 'host.lock'), String(spawnSync('true').pid));
    for (const folder of [join(dataDir, 'nowhere'), killed]) {
      const run = promisify(execFile)(process.execPath, [command, '--data', folder]);
      await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('no host is running') });
    }
    rmSync(killed, { recursive: true });
  });

  it('ends with 2 when the store does not answer', async () => {
    const outputs = join(dataDir, 'outputs.json');
    writeFileSync(outputs, JSON.stringify({ app: { OperatorEnvironment: '{"INVENTORY_TABLE":"none"}' } }));
    const env = { ...process.env, AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x', AWS_MAX_ATTEMPTS: '1' };
    const run = promisify(execFile)(process.execPath, [command, '--outputs', outputs], {
      env: { ...env, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' },
    });
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('The doctor could not look: ') });
  });
});

const taskOf = async (volumeId: string | undefined) => {
  const task = (await stored.all('Tasks')).find(({ sk, resourceId }) => sk === 'TASK' && resourceId === volumeId);
  if (!task) throw new Error('no task');
  return task;
};
