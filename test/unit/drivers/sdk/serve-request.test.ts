import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { contractVersion, type DriverContext, type DriverRequest, declareDriver, implementDriver } from '../../../../drivers/sdk/driver.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { type ServeOptions, serveRequest } from '../../../../drivers/sdk/serve-request.ts';

const declaration = declareDriver({
  type: 'paper',
  displayName: 'Paper array',
  interfaceType: 'paper',
  systemType: 'paper',
  protocols: ['FC'],
  capabilities: ['discovery'],
  options: z.strictObject({ shelf: z.int().default(7) }),
  defaultPort: 443,
  maxNameLength: 31,
  namePrefix: 'p',
  graceSeconds: 1,
  maxConcurrentOperations: 1,
});

const identity = { arrayId: 'a1', vendor: 'v', model: 'm', version: '1', warnings: [] };
const page = { systems: [], pools: [], ports: [], hosts: [], volumes: [], complete: true };

const paper = (seen: DriverContext<unknown>[] = [], fail?: unknown) =>
  implementDriver(declaration, {
    async open(context) {
      seen.push(context);
      context.onGatewayCall('login');
      if (fail !== undefined) throw fail;
      return {
        identify: async () => identity,
        readInventory: async () => {
          context.onGatewayCall('read');
          return page;
        },
      };
    },
    async checkConnection(context) {
      seen.push(context);
      return identity;
    },
  });

const request: DriverRequest = {
  contractVersion,
  verb: 'identify',
  arrayId: 'a1',
  correlationId: 'c1',
  deadline: 1000,
  connection: { endpoints: [{ host: 'array.example', port: 443 }], tls: { mode: 'public' } },
  options: {},
  secretId: 's1',
  input: null,
};

const credentials = { username: 'u', password: 'p4ss' };
const options: ServeOptions = { credentials: async () => credentials, now: () => 0, allowedCidrs: ['10.0.0.0/8'] };
const ask = (changed: object, driver = paper()) => serveRequest(driver, JSON.parse(JSON.stringify({ ...request, ...changed })), options);

describe('a request to a driver', () => {
  it('is answered with the output and the calls it took', async () => {
    expect(await ask({ verb: 'readInventory', input: { scope: 'volumes', limit: 10 } })).toEqual({
      gatewayCalls: { login: 1, read: 1, change: 0 },
      output: page,
    });
    expect(await ask({})).toMatchObject({ output: identity });
  });

  it('may leave out input and options where there are none', async () => {
    expect(await ask({ input: undefined, options: undefined })).toMatchObject({ output: identity });
  });

  it('hands the driver what it needs, with its options completed', async () => {
    const seen: DriverContext<unknown>[] = [];
    await serveRequest(paper(seen), request, { ...options, deadline: 500 });
    expect(seen).toMatchObject([
      { arrayId: 'a1', credentials, options: { shelf: 7 }, correlationId: 'c1', deadline: 500, allowedCidrs: ['10.0.0.0/8'] },
    ]);
  });

  it('uses the credentials of the request only to check a connection', async () => {
    const seen: DriverContext<unknown>[] = [];
    const given = { username: 'new', password: 'n3w' };
    const { arrayId: _none, ...unpinned } = request;
    const answer = await serveRequest(paper(seen), { ...unpinned, verb: 'checkConnection', credentials: given }, options);
    expect(answer).toMatchObject({ output: identity });
    expect(seen).toMatchObject([{ credentials: given, arrayId: undefined }]);
  });

  it.each([
    {
      reason: 'a contract version of another time',
      changed: { contractVersion: 99 },
      code: 'request.invalid',
      named: 'contract version 99',
    },
    { reason: 'an unknown verb', changed: { verb: 'formatArray' }, code: 'request.invalid', named: 'formatArray' },
    { reason: 'a verb that every object has', changed: { verb: 'constructor' }, code: 'request.invalid', named: 'constructor' },
    {
      reason: 'a verb of an undeclared capability',
      changed: { verb: 'ensureVolumes', input: { items: [] } },
      code: 'capability.missing',
      named: 'volume',
    },
    { reason: 'credentials where none belong', changed: { credentials }, code: 'request.invalid', named: 'request.credentials' },
    {
      reason: 'no credentials to check a connection',
      changed: { verb: 'checkConnection' },
      code: 'request.invalid',
      named: 'request.credentials',
    },
    { reason: 'no pinned array', changed: { arrayId: undefined }, code: 'request.invalid', named: 'request.arrayId' },
    { reason: 'an unknown option', changed: { options: { drawer: 1 } }, code: 'request.invalid', named: 'request.options' },
    {
      reason: 'an input of the wrong shape',
      changed: { verb: 'readInventory', input: { scope: 'all' } },
      code: 'request.invalid',
      named: 'input.scope',
    },
    {
      reason: 'a host with credentials in it',
      changed: { connection: { endpoints: [{ host: 'u:p@h', port: 1 }], tls: { mode: 'public' } } },
      code: 'request.invalid',
      named: 'request.connection.endpoints.0.host',
    },
    { reason: 'something that is no request', changed: { verb: 7 }, code: 'request.invalid', named: 'request.verb' },
  ])('is refused for $reason, naming it', async ({ changed, code, named }) => {
    const answer = await ask(changed);
    expect(answer.error).toMatchObject({ name: 'DriverRejected', code });
    expect(answer.error?.message).toContain(named);
    expect(JSON.stringify(answer)).not.toContain(credentials.password);
    expect(answer.gatewayCalls).toEqual({ login: 0, read: 0, change: 0 });
  });

  it('names the capability that is missing', async () => {
    expect((await ask({ verb: 'expandVolumes' })).error?.facts).toEqual({ capability: 'volume.expand', verb: 'expandVolumes' });
  });

  it('that comes after its deadline is not started', async () => {
    expect((await ask({ deadline: 0 })).error).toMatchObject({ name: 'DriverBusy', code: 'time.exhausted' });
  });

  it('is answered with the error that the driver decided on, and the calls made until then', async () => {
    const refused = new DriverError('no', { outcome: 'DriverRejected', code: 'credentials.refused', nativeCode: 'http-401' });
    expect(await ask({}, paper([], refused))).toEqual({
      gatewayCalls: { login: 1, read: 0, change: 0 },
      error: {
        name: 'DriverRejected',
        code: 'credentials.refused',
        message: 'no',
        nativeCode: 'http-401',
        nativeMessage: undefined,
        facts: {},
      },
    });
  });

  it('that meets a defect is uncertain, and the defect is told to the host alone', async () => {
    const defects: unknown[] = [];
    const defect = new TypeError('secret p4ss');
    const answer = await serveRequest(paper([], defect), request, { ...options, onDefect: (error) => defects.push(error) });
    expect(answer.error).toMatchObject({ name: 'DriverUncertain', code: 'driver.failed' });
    expect(JSON.stringify(answer)).not.toContain('p4ss');
    expect(defects).toEqual([defect]);
    expect((await ask({}, paper([], defect))).error).toMatchObject({ code: 'driver.failed' });
  });

  it('for a verb that is declared and not there blames the driver', async () => {
    const hollow = { ...paper(), open: async () => ({ identify: async () => identity }) };
    const answer = await ask({ verb: 'readInventory', input: { scope: 'volumes', limit: 1 } }, hollow);
    expect(answer.error).toMatchObject({ name: 'DriverRejected', code: 'driver.failed' });
  });

  it('to describe the driver needs no array, no credentials and no session', async () => {
    const seen: DriverContext<unknown>[] = [];
    const answer = await serveRequest(paper(seen), { contractVersion, verb: 'describe' }, options);
    expect(answer).toMatchObject({ output: { type: 'paper', capabilities: ['discovery'] }, gatewayCalls: { login: 0 } });
    expect(seen).toEqual([]);
    const other = await serveRequest(paper(), { contractVersion: 99, verb: 'describe' }, options);
    expect(other.error).toMatchObject({ code: 'request.invalid' });
  });

  it('is not answered with what the contract does not have: what was done is then unknown', async () => {
    const defects: unknown[] = [];
    const wrong = { ...paper(), open: async () => ({ identify: async () => ({ ...identity, arrayId: '' }) }) };
    const answer = await serveRequest(wrong, request, { ...options, onDefect: (error) => defects.push(error) });
    expect(answer.error).toMatchObject({ name: 'DriverUncertain', code: 'driver.failed' });
    expect(answer.error?.message).toContain('output.arrayId');
    expect(defects).toHaveLength(1);
  });

  it('may be answered with more than the contract has', async () => {
    const more = { ...paper(), open: async () => ({ identify: async () => ({ ...identity, colour: 'white' }) }) };
    expect(await serveRequest(more, request, options)).toMatchObject({ output: { colour: 'white' } });
  });

  it('for what the array is too old for is refused before the verb runs, with the version that has it', async () => {
    const young = { ...declaration, capabilityDefinitions: { discovery: { since: '2.0' } } };
    const input = { scope: 'volumes', limit: 1 };
    const old = await ask({ verb: 'readInventory', input }, { ...paper(), declaration: young });
    expect(old.error).toMatchObject({ code: 'capability.missing', facts: { capability: 'discovery', since: '2.0', version: '1' } });
    expect(old.gatewayCalls.read).toBe(0);
    const enough = { ...declaration, capabilityDefinitions: { discovery: { since: '1.0' } } };
    expect(await ask({ verb: 'readInventory', input }, { ...paper(), declaration: enough })).toMatchObject({ output: page });
  });
});
