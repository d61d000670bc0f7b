import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createClock } from '../../../local/clock/clock.ts';
import { type Host, startHost } from '../../../local/host.ts';
import { type FixtureAssembly, writeAssembly } from '../../support/assembly.ts';
import { hostParts } from '../../support/host-assembly.ts';

let assembly: FixtureAssembly;
let dataDir: string;
let host: Host;

const start = (assemblyDir = assembly.folder) =>
  startHost({
    assemblyDir,
    dataDir,
    port: 0,
    clock: createClock({ mode: 'accelerated', rate: 1, skipIdle: false, startAt: Date.UTC(2030, 0, 1) }),
  });

beforeEach(async () => {
  assembly = writeAssembly(hostParts);
  dataDir = mkdtempSync(join(tmpdir(), 'host-'));
  host = await start();
});

afterEach(async () => {
  await host.close();
  assembly.remove();
  rmSync(dataDir, { recursive: true });
});

const control = (path: string, body?: object) =>
  fetch(`${host.controlUrl}/_local/${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });

const fields = async (response: Promise<Response>) => z.record(z.string(), z.unknown()).parse(await (await response).json());

const read = (id: string) => fields(fetch(`${host.url}/${id}`));

async function untilItem(id: string): Promise<void> {
  while ((await read(id))['Item'] === undefined) await new Promise((resolve) => setImmediate(resolve));
}

describe('a host', () => {
  it('serves the API by the functions of the assembly, within their roles', async () => {
    expect(await read('x')).toEqual({ status: 200 });
    const refused = await fetch(`${host.url}/x`, { method: 'PUT' });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain('assumed-role/Demo-ApiRole');
  });

  it('runs state machines, and rules on how their executions end', async () => {
    expect((await fetch(`${host.url}/made`, { method: 'POST' })).status).toBe(200);
    await host.clock.advance(5_000);
    await untilItem('made');
    expect(host.executions.list()).toMatchObject([{ name: 'made', status: 'FAILED', error: 'OnPurpose' }]);
    expect(host.meter.snapshot()['Demo-Machine']?.transitions).toBe(2);
    expect(host.meter.snapshot()['Demo-Events']?.writeUnits).toBe(1);
  });

  it('runs schedules by its clock, which the control routes advance', async () => {
    const { now } = await fields(control('clock/advance', { ms: 61_000 }));
    expect(Date.parse(String(now))).toBeGreaterThan(Date.UTC(2030, 0, 1, 0, 1, 1));
    await untilItem('tick');
    expect(await fields(control('clock/step', { idle: -1 }))).toMatchObject({ stepped: false });
  });

  it('fires schedules by its control routes', async () => {
    expect(await (await control('rules')).json()).toEqual(['Demo-Tick', 'Demo-Failed']);
    expect((await control('rules/Demo-Tick/fire', {})).status).toBe(200);
    expect((await control('rules/Other/fire', {})).status).toBe(404);
    await untilItem('tick');
  });

  it('injects the faults that the control routes ask for', async () => {
    await control('faults/dynamodb', { throttle: { operation: 'GetItem', times: 1 } });
    expect((await read('x'))['__type']).toContain('ProvisionedThroughputExceededException');
    expect((await read('x'))['status']).toBe(200);
    expect((await control('faults/dynamodb', { nonsense: 1 })).status).toBe(400);
  });

  it('tells its health and what was used', async () => {
    await read('x');
    expect(await (await control('health')).json()).toMatchObject({ status: 'ready', workers: { 'Demo-ApiFunction': 1, 'Demo-Events': 0 } });
    await control('functions/Demo-ApiFunction/crash', {});
    expect(await (await control('meter')).json()).toMatchObject({ 'Demo-ApiFunction': { lambdaRuns: 1, readUnits: 0.5 } });
    expect(await (await control('executions')).json()).toEqual([]);
  });

  it('takes no control from a web page, which cannot send JSON unasked', async () => {
    const { status } = await fetch(`${host.controlUrl}/_local/functions/Demo-Events/crash`, { method: 'POST', body: '{}' });
    expect(status).toBe(415);
  });

  it('keeps its data and the password it made', async () => {
    host.events.fire('Demo-Tick');
    await untilItem('tick');
    const { rootPassword } = host;
    expect(rootPassword).toHaveLength(20);
    await host.close();
    host = await start();
    expect((await read('tick'))['Item']).toEqual({ pk: { S: 'tick' } });
    expect(host.rootPassword).toBe(rootPassword);
  });

  it('goes on, when started again, with the executions that were running', async () => {
    await fetch(`${host.url}/made`, { method: 'POST' });
    expect(host.executions.list()).toMatchObject([{ name: 'made', status: 'RUNNING' }]);
    await host.close();
    host = await start();
    while (host.executions.list()[0]?.status === 'RUNNING') await new Promise((resolve) => setImmediate(resolve));
    expect(host.executions.list()).toMatchObject([{ name: 'made', status: 'FAILED', error: 'OnPurpose' }]);
    await untilItem('made');
  });

  it('leaves nothing behind when it cannot start', async () => {
    await host.close();
    const statement = { Effect: 'Allow', Action: 'x:Y', Resource: '*', Condition: { Moonphase: { 'aws:x': 'b' } } };
    const bad = {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'Bad', PolicyDocument: { Version: '2012-10-17', Statement: [statement] }, Roles: [] },
    };
    const Resources = { ...Object.assign({}, ...Object.values(hostParts.stacks)).Resources, Bad: bad };
    const broken = writeAssembly({ ...hostParts, stacks: { Demo: { Resources } } });
    await expect(start(broken.folder)).rejects.toThrow('Moonphase');
    expect(existsSync(join(dataDir, 'host.lock'))).toBe(false);
    broken.remove();
    host = await start();
  });

  it('lets go of its tables when it refuses them', async () => {
    await host.close();
    const { Demo } = hostParts.stacks;
    const { Resources } = z.object({ Resources: z.record(z.string(), z.unknown()) }).parse(Demo);
    const Table = {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
      },
    };
    const changed = writeAssembly({ ...hostParts, stacks: { Demo: { Resources: { ...Resources, Table } } } });
    await expect(start(changed.folder)).rejects.toThrow('the primary key of an existing table cannot change');
    changed.remove();
    host = await start();
    expect((await read('x'))['status']).toBe(200);
  });
});
