import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contractVersion, type DriverContext, declareDriver, implementDriver } from '../../../../drivers/sdk/driver.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { serveDriver } from '../../../../functions/driver/serve.ts';

const declaration = declareDriver({
  type: 'paper',
  displayName: 'Paper array',
  interfaceType: 'paper',
  systemType: 'paper',
  protocols: ['Paper'],
  capabilities: [],
  options: z.strictObject({}),
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  graceSeconds: 1,
  maxConcurrentOperations: 1,
});

const identity = { arrayId: 'a1', vendor: 'v', model: 'm', version: '1', warnings: [] };

interface World {
  /** What the secret holds; a function throws. */
  secret: unknown;
  /** The array's password. */
  password: string;
  nowMs: number;
}

const secretName = 'patina/dev/paper/1';

const serving = (world: World) => {
  const reads: string[] = [];
  const logged: unknown[] = [];
  const contexts: DriverContext<unknown>[] = [];
  const admit = async (context: DriverContext<unknown>) => {
    contexts.push(context);
    context.onGatewayCall('login');
    if (world.password === 'defect') throw new TypeError('defect');
    if (context.credentials.password === world.password) return identity;
    throw new DriverError('refused', { outcome: 'DriverRejected', code: 'credentials.refused' });
  };
  const driver = implementDriver(declaration, {
    open: async (context) => {
      await admit(context);
      return { identify: async () => identity };
    },
    checkConnection: admit,
  });
  const log = (message: string, facts?: unknown) => logged.push([message, facts]);
  const handler = serveDriver(driver, {
    secrets: {
      read: async (name) => {
        reads.push(name);
        if (world.secret === undefined) throw new Error('AccessDenied');
        return typeof world.secret === 'string' ? world.secret : JSON.stringify(world.secret);
      },
    },
    now: () => world.nowMs,
    allowedCidrs: ['10.0.0.0/8'],
    log: { info: log, error: log },
  });
  const ask = (changed: object = {}) =>
    handler(
      {
        contractVersion,
        verb: 'identify',
        arrayId: 'a1',
        correlationId: 'c1',
        deadline: world.nowMs + 100_000,
        connection: { endpoints: [{ host: 'array.example', port: 443 }], tls: { mode: 'public' } },
        secretId: secretName,
        ...changed,
      },
      { getRemainingTimeInMillis: () => 20_000 },
    );
  return { ask, reads, logged, contexts };
};

/** Messages of every error in a log entry, with their causes. */
const causesOf = (entry: unknown): readonly string[] => {
  if (entry instanceof Error) return [entry.message, ...causesOf(entry.cause)];
  return typeof entry === 'object' && entry !== null ? Object.values(entry).flatMap(causesOf) : [];
};

const good = { username: 'u', password: 'p4ss' };
const world = (changed: Partial<World> = {}): World => ({ secret: good, password: good.password, nowMs: 0, ...changed });

describe("a driver's function", () => {
  it('reads the secret once in five minutes', async () => {
    const now = world();
    const { ask, reads } = serving(now);
    await ask();
    now.nowMs = 299_999;
    await ask();
    expect(reads).toEqual([secretName]);
    now.nowMs = 300_000;
    expect(await ask()).toMatchObject({ output: identity });
    expect(reads).toHaveLength(2);
  });

  it('ends its work before the function ends, and never after the deadline asked for', async () => {
    const { ask, contexts } = serving(world());
    await ask();
    await ask({ deadline: 5000 });
    expect(contexts.map(({ deadline }) => deadline)).toEqual([17_000, 5000]);
    expect(contexts[0]?.allowedCidrs).toEqual(['10.0.0.0/8']);
  });

  it('reads a secret that was rotated anew, and goes on', async () => {
    const now = world();
    const { ask, reads } = serving(now);
    await ask();
    now.password = 'n3w';
    now.secret = { username: 'u', password: 'n3w' };
    expect(await ask()).toMatchObject({ output: identity });
    expect(reads).toHaveLength(2);
  });

  it('does not try a refused password twice', async () => {
    const { ask, contexts } = serving(world({ password: 'other' }));
    expect((await ask()).error).toMatchObject({ name: 'DriverRejected', code: 'credentials.refused' });
    expect(contexts).toHaveLength(1);
  });

  it('tells that a login was refused, even if the secret cannot be read anew', async () => {
    const now = world();
    const { ask, logged } = serving(now);
    await ask();
    now.password = 'other';
    now.secret = undefined;
    expect((await ask()).error).toMatchObject({ code: 'credentials.refused' });
    expect(JSON.stringify(logged)).toContain('could not be read anew');
  });

  it('quotes nothing of a secret that it cannot understand', async () => {
    const now = world();
    const { ask, logged } = serving(now);
    await ask();
    now.password = 'other';
    now.secret = 'hunter2';
    const answer = await ask();
    expect(JSON.stringify([answer, logged])).not.toContain('hunter2');
    expect(logged.flatMap((entry) => causesOf(entry)).join()).not.toContain('hunter2');
  });

  it('logs a defect of the driver, and answers that nothing is known', async () => {
    const { ask, logged } = serving(world({ password: 'defect' }));
    expect((await ask()).error).toMatchObject({ name: 'DriverUncertain', code: 'driver.failed' });
    expect(logged[0]).toMatchObject(['the driver failed', { error: { message: 'defect' } }]);
  });

  it.each([undefined, 'no JSON', { username: 'u' }, { username: 'u', password: '' }])('is busy when the secret is %o', async (secret) => {
    const { ask, contexts } = serving(world({ secret }));
    expect((await ask()).error).toMatchObject({ name: 'DriverBusy', code: 'driver.failed' });
    expect(contexts).toEqual([]);
  });

  it('refuses a request that names no secret', async () => {
    const { ask, reads } = serving(world());
    expect((await ask({ secretId: undefined })).error).toMatchObject({ name: 'DriverRejected', code: 'request.invalid' });
    expect(reads).toEqual([]);
  });

  it('checks a connection with the credentials given, without any secret', async () => {
    const { ask, reads } = serving(world());
    expect(await ask({ verb: 'checkConnection', credentials: good })).toMatchObject({ output: identity });
    const wrong = { ...good, password: 'wr0ng' };
    expect((await ask({ verb: 'checkConnection', credentials: wrong })).error).toMatchObject({ code: 'credentials.refused' });
    expect(reads).toEqual([]);
  });

  it('logs what was asked and how it ended, and no secret', async () => {
    const { ask, logged } = serving(world());
    await ask();
    await ask({ verb: 'checkConnection', credentials: { ...good, password: 'wr0ng' } });
    expect(logged).toMatchObject([
      ['served', { verb: 'identify', arrayId: 'a1', correlationId: 'c1', outcome: 'done', gatewayCalls: { login: 1 } }],
      ['served', { verb: 'checkConnection', outcome: 'DriverRejected', code: 'credentials.refused' }],
    ]);
    for (const secret of [good.password, 'wr0ng']) expect(JSON.stringify(logged)).not.toContain(secret);
  });

  it('answers even what is no request', async () => {
    const { ask } = serving(world());
    expect((await ask({ verb: 5 })).error).toMatchObject({ code: 'request.invalid' });
  });
});
