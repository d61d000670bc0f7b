import { lookup } from 'node:dns/promises';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { driverOf, drivers } from '../../drivers/registry.ts';
import { ArgumentsError, type ConformanceArguments, connectionOf, readArguments, usage } from '../../drivers/sdk/conformance/arguments.ts';
import { contentsBy } from '../../drivers/sdk/conformance/contents-command.ts';
import { openFaultProxy } from '../../drivers/sdk/conformance/fault-proxy.ts';
import { formatResult, formatSummary, formatTarget } from '../../drivers/sdk/conformance/report.ts';
import { type RequestsOfEffects, requestsOfEffects } from '../../drivers/sdk/conformance/requests-of-effects.ts';
import { runConformance } from '../../drivers/sdk/conformance/run.ts';
import type { ConformanceTarget } from '../../drivers/sdk/conformance/target.ts';
import {
  httpDriver,
  ownDriver,
  stdioDriver,
  UnreachableTarget,
  type WireDriver,
  type WireTarget,
  wireTarget,
} from '../../drivers/sdk/conformance/wire-target.ts';
import type { Driver } from '../../drivers/sdk/driver.ts';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const open = async ({ driver }: ConformanceArguments): Promise<WireDriver> => {
  if (driver.kind === 'command') return stdioDriver(driver.command);
  if (driver.kind === 'url') return httpDriver(driver.url);
  if (driverOf(driver.type) === undefined) {
    throw new ArgumentsError(`--driver ${driver.type}: must be one of ${drivers.map(({ type }) => type).join(', ')}`);
  }
  const module = (await import(new URL(`../../drivers/${driver.type}/driver.ts`, import.meta.url).href)) as { driver: Driver };
  return ownDriver(module.driver);
};

/** Asks without showing what is typed. */
const askPassword = async (user: string): Promise<string> => {
  process.stderr.write(`Password of ${user}: `);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
  const password = await terminal.question('');
  terminal.close();
  process.stderr.write('\n');
  return password;
};

const ownAddress = async (host: string): Promise<readonly string[]> => {
  const { address } = await lookup(host);
  return [`${address}/${isIP(address) === 4 ? 32 : 128}`];
};

const advice = (error: UnreachableTarget): string => {
  const { certificateSha256 } = error.failure.facts ?? {};
  return certificateSha256 === undefined
    ? error.message
    : `${error.message}\nIf the array shows this certificate, run again with --sha256 ${certificateSha256}`;
};

const jsonIn = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

const requestsFor = ({ effectsFile, driver }: ConformanceArguments): RequestsOfEffects => {
  const own = driver.kind === 'own' ? fileURLToPath(new URL(`../../drivers/${driver.type}/effects.json`, import.meta.url)) : '';
  const file = effectsFile ?? (existsSync(own) ? own : undefined);
  if (file === undefined) return {};
  const checked = requestsOfEffects.safeParse(jsonIn(file));
  if (checked.success) return checked.data;
  throw new ArgumentsError(`--effects ${file}: ${z.prettifyError(checked.error)}`);
};

const openTarget = async (given: ConformanceArguments, driver: WireDriver): Promise<WireTarget> => {
  const connection = connectionOf(given, given.caFile === undefined ? undefined : readFileSync(given.caFile, 'utf8'));
  const [endpoint] = connection.endpoints;
  const target = await wireTarget({
    driver,
    connection,
    credentials: { username: given.user, password: process.env['CONFORMANCE_PASSWORD'] ?? (await askPassword(given.user)) },
    options: given.optionsFile === undefined ? {} : jsonIn(given.optionsFile),
    lacks: given.lacks,
    newInitiator: given.newInitiator,
    allowedCidrs: given.allowedCidrs.length > 0 ? given.allowedCidrs : await ownAddress(endpoint?.host ?? ''),
  });
  return given.contents === undefined ? target : { ...target, contents: contentsBy(given.contents) };
};

const tryAll = async (given: ConformanceArguments, target: ConformanceTarget): Promise<boolean> => {
  const { caseSeconds, capabilities } = given;
  const onResult = (result: Parameters<typeof formatResult>[0]): void => say(formatResult(result));
  const results = await runConformance(target, { caseSeconds, onResult, ...(capabilities === undefined ? {} : { capabilities }) });
  say(`\n${formatSummary(target.declaration, results)}`);
  return results.every(({ status }) => status !== 'failed');
};

const run = async (given: ConformanceArguments, driver: WireDriver): Promise<boolean> => {
  const requests = requestsFor(given);
  const target = await openTarget(given, driver);
  say(`${formatTarget(target)}\n`);
  if (!given.faults) return tryAll(given, target);
  const proxy = await openFaultProxy({ ...target, requests });
  try {
    return await tryAll(given, { ...target, faults: proxy.faults });
  } finally {
    await proxy.close();
  }
};

const main = async (): Promise<number> => {
  if (process.argv.includes('--help')) {
    say(usage);
    return 0;
  }
  const given = readArguments(process.argv.slice(2));
  const driver = await open(given);
  try {
    return (await run(given, driver)) ? 0 : 1;
  } finally {
    await driver.close();
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = 2;
  if (error instanceof UnreachableTarget) say(advice(error));
  else if (error instanceof ArgumentsError) say(`${error.message}\n\n${usage}`);
  else throw error;
}
