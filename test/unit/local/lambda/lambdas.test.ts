import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { AccessDenied } from '../../../../local/ports.ts';
import { aFunction } from '../../../support/assembly.ts';
import { type FixtureLambdas, type FixtureOptions, startFixtureLambdas } from '../../../support/lambdas.ts';

let fixture: FixtureLambdas;
afterEach(() => fixture.close());

const echo = 'exports.handler = async (event, context) => ({ event, name: context.functionName, arn: context.invokedFunctionArn });';
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:App-Fn';

function open(
  code: string,
  { properties = {}, resources = {}, ...options }: { properties?: object; resources?: object } & FixtureOptions = {},
) {
  fixture = startFixtureLambdas(
    { stacks: { App: { Resources: { Fn: aFunction('abc', properties), ...resources } } }, code: { abc: code } },
    options,
  );
  return fixture;
}

/** A rule that calls the function makes it one that services call, which shares its worker. */
const calledByRule = { Rule: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'x', Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] } } };

const neverAgain = {
  Once: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 },
  },
};

async function invoke(payload: unknown, functionName = 'App-Fn') {
  const answer = await fixture.lambdas.invoke({
    caller: 'someone',
    functionName,
    payload: JSON.stringify(payload),
    invocationType: 'RequestResponse',
  });
  return { ...answer, result: JSON.parse(answer.payload) };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('a function', () => {
  it('gets the event and its context, and its result comes back', async () => {
    open(echo);
    const { result, functionError } = await invoke({ a: 1 });
    expect(result).toEqual({ event: { a: 1 }, name: 'App-Fn', arn });
    expect(functionError).toBeUndefined();
  });

  it('is found by its name, its ARN, and the ARNs of its alias and version', async () => {
    const resources = {
      Version: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Fn' } } },
      Alias: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live', FunctionVersion: '1' } },
    };
    open(echo, { resources });
    expect((await invoke({}, arn)).result.arn).toBe(arn);
    expect((await invoke({}, `${arn}:live`)).result.arn).toBe(`${arn}:live`);
    expect((await invoke({}, 'App-Fn:live')).result.arn).toBe(`${arn}:live`);
    expect((await invoke({}, `${arn}:1`)).result.arn).toBe(`${arn}:1`);
    await expect(invoke({}, 'Other')).rejects.toMatchObject({ code: 'ResourceNotFoundException', status: 404 });
  });

  it('sees the variables of the template, the endpoints of the host and a key of its own, and nothing of the process around it', async () => {
    open('exports.handler = async () => process.env;', { properties: { Environment: { Variables: { STAGE: 'dev' } } } });
    const { result } = await invoke({});
    expect(result).toMatchObject({ STAGE: 'dev', AWS_ENDPOINT_URL_SQS: 'http://queues', AWS_ACCESS_KEY_ID: 'AKIALOCAL-App-Fn' });
    expect(result.PATH).toBeUndefined();
  });

  it('fails with its error as Lambda reports it', async () => {
    open('exports.handler = async () => { throw Object.assign(new Error("no room"), { name: "DriverBusy" }); };');
    const { result, functionError } = await invoke({});
    expect(functionError).toBe('Unhandled');
    expect(result).toMatchObject({ errorType: 'DriverBusy', errorMessage: 'no room' });
    expect(result.trace[0]).toContain('no room');
  });

  it('lives on the clock of the host', async () => {
    open('exports.handler = async (_, context) => [new Date().getUTCFullYear(), context.getRemainingTimeInMillis()];', {
      properties: { Timeout: 7 },
    });
    expect((await invoke({})).result).toEqual([2030, 7000]);
  });

  it('is timed out by the clock of the host, and the next invocation finds a new worker', async () => {
    open('exports.handler = async (event) => { console.log("in"); if (event.hang) await new Promise(() => {}); return "ok"; };', {
      properties: { Timeout: 5 },
    });
    const hanging = invoke({ hang: true });
    await until(() => fixture.logged.length > 0);
    await fixture.clock.advance(5000);
    expect((await hanging).result).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect((await invoke({})).result).toBe('ok');
  });

  it.each([
    ['an exit', 'process.exit(3)'],
    ['an unhandled rejection', 'Promise.reject(new Error("lost")), await new Promise(() => {})'],
    ['an exception outside the handler', 'setImmediate(() => { throw new Error("lost"); }), await new Promise(() => {})'],
  ])('ends with Runtime.ExitError after %s, and the next invocation finds a new worker', async (_, crash) => {
    open(`exports.handler = async (event) => { if (event.crash) ${crash}; return "ok"; };`);
    expect((await invoke({ crash: true })).result).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((await invoke({})).result).toBe('ok');
  });

  it('whose code cannot be loaded says why', async () => {
    open('throw new TypeError("broken");');
    expect((await invoke({})).result).toMatchObject({ errorType: 'TypeError', errorMessage: 'broken' });
  });

  it('without its export says so', async () => {
    open('exports.other = 1;');
    expect((await invoke({})).result).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });

  it('writes to the log of the host', async () => {
    open('exports.handler = async () => { console.log("hello"); console.error("trouble"); };');
    await invoke({});
    await until(() => fixture.logged.length === 2);
    expect(fixture.logged.toSorted()).toEqual(['App-Fn: hello', 'App-Fn: trouble']);
  });

  it.each([
    ['its error', 'throw new RangeError("too far")', 'RangeError'],
    ['its end', 'process.exit(3)', 'Runtime.ExitError'],
  ])('that fails has %s in the log of the host, also when nobody waits for it', async (_, failure, errorType) => {
    open(`exports.handler = async () => { ${failure}; };`, { resources: neverAgain });
    await fixture.lambdas.invoke({ caller: 'x', functionName: 'App-Fn', payload: '{}', invocationType: 'Event' });
    await until(() => fixture.logged.length === 1);
    expect(fixture.logged[0]).toContain(`"message":"the invocation failed","error":{"errorType":"${errorType}"`);
  });

  it('without code stops the boot', () => {
    expect(() =>
      startFixtureLambdas({ stacks: { App: { Resources: { Fn: aFunction('abc', { Handler: 'other.handler' }) } } }, code: { abc: echo } }),
    ).toThrow('the function App-Fn has no other.js, .mjs or .cjs in');
    open(echo);
  });

  it('is counted with every run', async () => {
    open(echo);
    await invoke({});
    await invoke({});
    expect(fixture.used['App-Fn']?.map(({ lambdaRuns }) => lambdaRuns)).toEqual([1, 1]);
  });
});

describe('workers', () => {
  const state =
    'let runs = 0; exports.handler = async () => { runs += 1; await new Promise((resolve) => setImmediate(resolve)); return runs; };';

  it('start with the first run and end when idle', async () => {
    open(state);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 0 });
    await invoke({});
    expect((await invoke({})).result).toBe(2);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 1 });
    fixture.passIdleTime();
    await until(() => fixture.lambdas.workers()['App-Fn'] === 0);
    expect((await invoke({})).result).toBe(1);
  });

  const gate = 'exports.handler = async (event) => { console.log("in"); if (event.wait) await new Promise(() => {}); return "ok"; };';

  it('of a function that only functions call run one invocation at a time, so that one timeout hits nobody else', async () => {
    open(gate, { properties: { Timeout: 5 } });
    const first = invoke({ wait: true });
    await until(() => fixture.logged.length === 1);
    await fixture.clock.advance(3000);
    const second = invoke({ wait: true });
    await until(() => fixture.logged.length === 2);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 2 });
    await fixture.clock.advance(2000);
    expect((await first).result.errorType).toBe('Sandbox.Timedout');
    await fixture.clock.advance(3000);
    expect((await second).result.errorType).toBe('Sandbox.Timedout');
  });

  it('of such a function are few, and what finds none waits its turn', async () => {
    open('exports.handler = async (event) => { console.log("in"); return event; };');
    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => invoke(index)));
    expect(answers.map(({ result }) => result)).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(fixture.lambdas.workers()['App-Fn']).toBeLessThanOrEqual(8);
  });

  it('of a function that services call take many invocations at once, which all end with the worker', async () => {
    open(gate, { properties: { Timeout: 5 }, resources: calledByRule });
    const both = [invoke({ wait: true }), invoke({ wait: true })];
    await until(() => fixture.logged.length === 2);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 1 });
    await fixture.lambdas.crash('App-Fn');
    expect((await Promise.all(both)).map(({ result }) => result.errorType)).toEqual(['Runtime.ExitError', 'Runtime.ExitError']);
  });
});

describe('closing', () => {
  it('ends all workers and starts no new one, neither for what waited nor for what comes', async () => {
    open('exports.handler = async () => { console.log("in"); await new Promise(() => {}); };');
    const running = Array.from({ length: 8 }, () => invoke({}));
    await until(() => fixture.logged.length === 8);
    void invoke({});
    await fixture.lambdas.close();
    void invoke({});
    expect((await Promise.all(running)).every(({ result }) => result.errorType === 'Runtime.ExitError')).toBe(true);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 0 });
  });
});

describe('invoking', () => {
  it('needs leave for the very ARN that is invoked', async () => {
    const asked: unknown[] = [];
    open(echo, {
      authorize: (request) => {
        asked.push(request);
        throw new AccessDenied('no');
      },
    });
    await expect(invoke({})).rejects.toThrow(AccessDenied);
    expect(asked).toEqual([{ caller: 'someone', action: 'lambda:InvokeFunction', resource: arn, context: {} }]);
    expect(fixture.lambdas.workers()).toEqual({ 'App-Fn': 0 });
  });

  it('takes up to 6,291,556 bytes and gives up to as many', async () => {
    open('exports.handler = async (event) => event.size ? "x".repeat(event.size) : event.length;');
    expect((await invoke('x'.repeat(6_291_554))).result).toBe(6_291_554);
    await expect(invoke('x'.repeat(6_291_555))).rejects.toMatchObject({ code: 'RequestTooLargeException', status: 413 });
    expect((await invoke({ size: 6_291_554 })).functionError).toBeUndefined();
    expect((await invoke({ size: 6_291_555 })).result.errorType).toBe('Function.ResponseSizeTooLarge');
  });

  it('as an event answers at once and tries again, twice, after one and two minutes', async () => {
    open('exports.handler = async () => { console.log("tried"); throw new Error("again"); };');
    const answer = await fixture.lambdas.invoke({ caller: 'x', functionName: 'App-Fn', payload: '{}', invocationType: 'Event' });
    expect(answer).toEqual({ payload: '' });
    for (const [attempt, delayMs] of [60_000, 120_000].entries()) {
      await until(() => (fixture.used['App-Fn']?.length ?? 0) === attempt + 1);
      await new Promise((resolve) => setImmediate(resolve));
      await fixture.clock.advance(delayMs);
    }
    await until(() => fixture.used['App-Fn']?.length === 3);
    await fixture.clock.advance(600_000);
    expect(fixture.used['App-Fn']).toHaveLength(3);
  });

  it('refuses what is no JSON', async () => {
    open(echo);
    const broken = fixture.lambdas.invoke({ caller: 'x', functionName: 'App-Fn', payload: '{', invocationType: 'RequestResponse' });
    await expect(broken).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  });
});

describe('idle time that is skipped', () => {
  const minutes = (count: number): number => count * 60_000;
  const patient = { properties: { Timeout: 900 }, skipIdle: true };

  it('is also what functions only wait for, each as long as it said', async () => {
    open(
      'exports.handler = async ({ ms }) => { const since = Date.now(); await new Promise((r) => setTimeout(r, ms)); return Date.now() - since; };',
      {
        ...patient,
        resources: calledByRule,
      },
    );
    const waits = [minutes(1), minutes(10)];
    const [first, second] = await Promise.all(waits.map((ms) => invoke({ ms })));
    expect(first?.result).toBeGreaterThanOrEqual(minutes(1));
    expect(first?.result).toBeLessThan(minutes(10));
    expect(second?.result).toBeGreaterThanOrEqual(minutes(10));
    expect(second?.result).toBeLessThan(minutes(15));
  });

  it('is not what a function waits for an answer', async () => {
    const asked = Promise.withResolvers<ServerResponse>();
    const server = createServer((_request, response) => asked.resolve(response)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    open(
      `exports.handler = async () => {
        setTimeout(() => undefined, ${minutes(10)});
        const since = Date.now();
        await new Promise((resolve) => require('node:http').get({ port: ${port}, host: '127.0.0.1' }, (answer) => answer.resume().on('end', resolve)));
        return Date.now() - since;
      };`,
      patient,
    );
    const answer = invoke({});
    const response = await asked.promise;
    const before = performance.now();
    await until(() => performance.now() - before > 100);
    response.end('late');
    expect((await answer).result).toBeLessThan(minutes(1));
  });
});
