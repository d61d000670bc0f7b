import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpDriver, stdioDriver, type WireDriver } from '../../../../../drivers/sdk/conformance/wire-target.ts';

const gatewayCalls = { login: 0, read: 0, change: 0 };
const host = { credentials: { username: 'u', password: 'p' }, allowedCidrs: ['10.0.0.0/8'] };

/** Answers lines in pairs, the later one first. */
const swapping = `
const lines = [];
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  lines.push(JSON.parse(line));
  if (lines.length < 2) return;
  for (const { id, request, host } of lines.splice(0).reverse()) {
    console.log(JSON.stringify({ id, answer: { gatewayCalls: ${JSON.stringify(gatewayCalls)}, output: { request, host } } }));
  }
});`;

describe('a driver in another process', () => {
  let driver: WireDriver | undefined;
  let server: Server | undefined;
  afterEach(async () => {
    await driver?.close();
    server?.close();
  });

  it('is asked many things at once over its input, and may answer them in any order', async () => {
    driver = stdioDriver([process.execPath, '-e', swapping]);
    const [first, second] = await Promise.all([driver.ask('one', host), driver.ask('two', host)]);
    expect(first).toEqual({ gatewayCalls, output: { request: 'one', host } });
    expect(second).toEqual({ gatewayCalls, output: { request: 'two', host } });
  });

  it('that ends answers nothing, not for ever', async () => {
    driver = stdioDriver([process.execPath, '-e', 'process.stdin.once("data", () => process.exit(3))']);
    await expect(driver.ask('one', host)).rejects.toThrow('the driver ended');
    await expect(driver.ask('two', host)).rejects.toThrow('the driver has ended');
    await driver.close();
  });

  it('that cannot be started says so', async () => {
    await expect(stdioDriver(['/no/such/driver']).ask('one', host)).rejects.toThrow(/ENOENT/);
  });

  it('is asked over HTTP, and answers only in the shape of the contract', async () => {
    const answers = [{ gatewayCalls, output: 7 }, { nonsense: true }];
    server = createServer((request, response) => {
      request.resume();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers.shift()));
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    driver = httpDriver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(await driver.ask('one', host)).toEqual({ gatewayCalls, output: 7 });
    await expect(driver.ask('two', host)).rejects.toThrow();
  });
});
