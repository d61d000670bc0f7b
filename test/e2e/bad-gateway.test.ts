import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSeed } from '../../drivers/scaleio/simulator/default-seed.ts';
import { type Simulator, startSimulator } from '../../drivers/scaleio/simulator/start.ts';
import { createClock } from '../../local/clock/clock.ts';
import { type AssemblyCopy, talkativeAssembly } from '../support/assembly-copy.ts';
import { anEstate, type Estate, registration, volumeOrder } from '../support/estate.ts';
import { finishedSoon } from '../support/finished-soon.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { expectRefusal, logOf, type Refusal, secretsOf } from '../support/refusal.ts';
import { storedRows } from '../support/stored.ts';

/** Gateways that cannot be reached, trusted or logged in to, and arrays that are not who they were. */

const dataDir = mkdtempSync(join(tmpdir(), 'patina-bad-gateway-'));
const wrongPassword = 'Not-the-Password-4711';
/** Real time, which may be advanced. */
const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
let assembly: AssemblyCopy;
let live: Live;
let estate: Estate;
/** Of another array than the registered one. */
let stranger: Simulator;

beforeAll(async () => {
  assembly = talkativeAssembly();
  stranger = await startSimulator({ seed: { ...defaultSeed, systemId: '00000000000000ab' } });
  live = await startLive({ simulators: [{ apiVersion: '3.6' }], dataDir, logLevel: 'DEBUG', assembly: assembly.folder, clock });
  estate = await anEstate(live);
});
afterAll(async () => {
  await Promise.all([live.close(), stranger.close()]);
  assembly.remove();
  rmSync(dataDir, { recursive: true, force: true });
});

const secretNames = async (): Promise<unknown> => {
  const answer = await fetch(live.host.endpoints['SECRETS_MANAGER'] ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.ListSecrets',
      authorization: `AWS4-HMAC-SHA256 Credential=${live.host.operatorKey}/20300101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x`,
    },
    body: '{}',
  });
  return answer.json();
};

const refusesAndKeeps = async (send: () => Promise<Reply>, refusal: Refusal): Promise<void> => {
  const before = { rows: await storedRows(live), secrets: await secretNames() };
  const reply = await send();
  expectRefusal(reply, refusal);
  expect({ rows: await storedRows(live), secrets: await secretNames() }).toEqual(before);
  for (const secret of secretsOf(live, 'Secret123!', wrongPassword)) expect(JSON.stringify(reply.body)).not.toContain(secret);
};

const register = (change: object) => () =>
  live.post('/vdc/storage-providers', { ...registration(stranger, 'another'), certificate_sha256: stranger.fingerprint256, ...change });

const closedPort = async (): Promise<number> => {
  const short = await startSimulator();
  await short.close();
  return short.port;
};

describe('registering a gateway', () => {
  it('that does not answer is refused, with where it was looked for, and may be tried again', async () => {
    const port = await closedPort();
    await refusesAndKeeps(register({ port_number: port }), {
      status: 400,
      code: 12001,
      details: ['127.0.0.1', String(port), 'ip_address and port_number'],
    });
    expect((await register({ port_number: port })()).body.retryable).toBe(true);
  });

  it('with a wrong password is refused after a single try', async () => {
    const before = stranger.log.counts().logins;
    await refusesAndKeeps(register({ password: wrongPassword }), { status: 400, code: 12001, details: ['user_name or password', 'once'] });
    expect(stranger.log.counts().logins - before).toBe(1);
  });

  it('whose certificate nobody vouches for shows the fingerprint, and the password is not sent', async () => {
    const before = stranger.log.counts();
    await refusesAndKeeps(register({ certificate_sha256: undefined }), {
      status: 400,
      code: 1057,
      details: [stranger.fingerprint256, 'certificate_sha256', 'the password was not sent'],
    });
    expect(stranger.log.counts()).toEqual(before);
  });

  it('with the fingerprint of another certificate shows the right one, and the password is not sent', async () => {
    const before = stranger.log.counts();
    await refusesAndKeeps(register({ certificate_sha256: 'AB'.repeat(32) }), {
      status: 400,
      code: 1057,
      details: [stranger.fingerprint256],
    });
    expect(stranger.log.counts()).toEqual(before);
  });

  it.each([
    ['a literal address', '10.1.2.3', '10.1.2.3'],
    ['the address of the cloud’s metadata', '169.254.169.254', '169.254.169.254'],
    ['a name that stands for one', '10.66051', '10.1.2.3'],
    ['an address in IPv6', '::1', '::1'],
  ])('outside the configured networks is refused: %s', (...[, address, shown]) =>
    refusesAndKeeps(register({ ip_address: address }), { status: 400, code: 1008, details: [shown] }),
  );

  it.each([
    ['a port that is none', { port_number: 70_000 }, { status: 400, code: 1014, details: ['port_number', '70000', 'at most 65535'] }],
    [
      'a driver that is not there',
      { interface_type: 'floppy' },
      { status: 400, code: 1008, details: ['interface_type', '"floppy"', 'scaleioapi'] },
    ],
    ['no TLS', { use_ssl: false }, { status: 400, code: 1008, details: ['use_ssl', 'true'] }],
    [
      'a fingerprint that is none',
      { certificate_sha256: 'AB:CD' },
      { status: 400, code: 1008, details: ['certificate_sha256', '64 hexadecimal'] },
    ],
    ['a password that is none', { password: '' }, { status: 400, code: 1008, details: ['password', 'at least 1'] }],
    ['a name that is taken', { name: 'array-1' }, { status: 400, code: 1015, details: ['name', '"array-1"'] }],
  ])('with %s is refused', (...[, change, refusal]) => refusesAndKeeps(register(change), refusal));

  it('of an array that is registered is refused, whatever its name', async () => {
    const [known] = live.simulators;
    await refusesAndKeeps(register({ port_number: known?.port, certificate_sha256: known?.fingerprint256 }), {
      status: 400,
      code: 1015,
      details: ['array-1'],
    });
  });
});

const registered = async (simulator: Simulator, name: string): Promise<string> => {
  const task = await live.finished((await live.post('/vdc/storage-providers', registration(simulator, name))).body);
  expect(task.state).toBe('ready');
  return task.resource.id;
};

describe('a registered gateway', () => {
  it('whose certificate has changed gets no password until the new one is trusted', async () => {
    const seed = { ...defaultSeed, systemId: '00000000000000cd' };
    const first = await startSimulator({ seed });
    const id = await registered(first, 'renewed');
    await first.close();
    const second = await startSimulator({ seed, port: first.port });
    try {
      const update = (change: object) => () => live.put(`/vdc/storage-providers/${id}`, change);
      const { task: scans } = (await live.post('/vdc/storage-providers/scan')).body;
      const scan = scans.find(({ resource }: { resource: { id: string } }) => resource.id === id);
      const task = await finishedSoon(live, clock, scan);
      expect(task).toMatchObject({ state: 'error', service_error: { details: expect.stringContaining('certificate') } });
      const refusal = { status: 400, code: 1057, details: [second.fingerprint256, 'certificate_sha256', 'the password was not sent'] };
      await refusesAndKeeps(update({ port_number: first.port }), refusal);
      expect(second.log.counts()).toMatchObject({ total: 0, logins: 0 });
      expect(await update({ certificate_sha256: second.fingerprint256 })()).toMatchObject({
        status: 200,
        body: { connection_status: 'CONNECTED' },
      });
    } finally {
      await second.close();
    }
  });

  it('is not moved to another array', async () => {
    const [id] = estate.providerIds;
    await refusesAndKeeps(
      () => live.put(`/vdc/storage-providers/${id}`, { port_number: stranger.port, certificate_sha256: stranger.fingerprint256 }),
      { status: 400, code: 12001, details: ['00000000000000ab', '3f2a91c45b7d6e08'] },
    );
  });

  it('is frozen when another array answers at its address: nothing is changed there, and reads go on', async () => {
    const [simulator] = live.simulators;
    const [id] = estate.providerIds;
    await fetch(`${simulator?.controlUrl}/identity`, { method: 'POST', body: JSON.stringify({ systemId: 'feedfacefeedface' }) });
    const before = simulator?.log.changes().length;
    const [accepted] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'nowhere' }))).body.task;
    const task = await finishedSoon(live, clock, accepted);
    expect(task).toMatchObject({ state: 'error', service_error: { details: expect.stringContaining('feedfacefeedface') } });
    expect(simulator?.log.changes().length).toBe(before);
    expect((await live.get(`/vdc/storage-providers/${id}`)).body).toMatchObject({
      operations: 'frozen',
      operations_reason: expect.stringMatching(/array/),
    });
    await refusesAndKeeps(() => live.post('/block/volumes', volumeOrder(estate, { name: 'nowhere' })), {
      status: 400,
      code: 1021,
      details: ['pool1', 'pool2', 'array-1 is set to frozen'],
    });
  });
});

describe('the host’s log', () => {
  it('has no secret in it, whatever failed', () => {
    const log = logOf(dataDir);
    expect(log).toContain('credentials.refused');
    for (const secret of secretsOf(live, 'Secret123!', wrongPassword)) expect(log).not.toContain(secret);
  });
});
