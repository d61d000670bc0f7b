import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookBefore } from './accounts.ts';
import { type DemoArray, startArray } from './array.ts';
import { createClient, login } from './client.ts';
import type { FastHost } from './fast-host.ts';
import { figuresTable, type TaskFigures } from './figures.ts';
import { type HostProcess, startHost } from './host.ts';
import { optionsOf } from './options.ts';
import { type Played, playScenes } from './scenes/play.ts';
import { stageOf } from './scenes/stage.ts';
import { createScreen, type Screen } from './screen.ts';
import { demoSeeds } from './seeds.ts';
import { defineClasses } from './story/classes.ts';
import { cleanUp } from './story/clean-up.ts';
import { showDiscovered } from './story/discovered.ts';
import { previewOrder } from './story/preview.ts';
import { provision } from './story/provision.ts';
import { registerProviders } from './story/register.ts';
import type { World } from './world.ts';

const values = optionsOf(process.argv.slice(2));
const out = values.json ? process.stderr : process.stdout;
const screen = createScreen((text) => out.write(text), out.isTTY === true);
const folder = mkdtempSync(join(tmpdir(), 'patina-demo-'));
const dataDir = join(folder, 'data');
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const startedAt = performance.now();
const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;

interface Started {
  readonly host: HostProcess;
  readonly arrays: readonly DemoArray[];
  /** Takes over when the first host was killed. */
  next?: FastHost;
}

const start = async (): Promise<Started> => {
  screen.chapter('Start two gateway simulators that others already use, and Patina');
  const [arrays, host] = await Promise.all([Promise.all(demoSeeds.map((seed) => startArray(seed, folder))), startHost(dataDir)]);
  for (const array of arrays)
    screen.line(
      `${array.name}: PowerFlex API ${array.apiVersion} at https://127.0.0.1:${array.port}, ${(await array.volumes()).length} foreign volumes and snapshots`,
    );
  screen.line(`Patina: ${host.url} (the synthesized application, no AWS account)`);
  return { host, arrays };
};

const logIn = async (host: HostProcess): Promise<string> => {
  screen.chapter('Log in as the local root user');
  const { token, status } = await login(host.url, 'root', host.password);
  screen.seen(status === 200 && token !== '', 'GET /login answers a token');
  return token;
};

interface Told extends Played {
  readonly figures: readonly TaskFigures[];
}

const tell = async (started: Started, told: Screen): Promise<Told> => {
  const { host, arrays } = started;
  const api = createClient(host.url, await logIn(host));
  const world: World = { screen: told, host, arrays, api, figures: [], planned: [], explained: [] };
  const before = await lookBefore(arrays);
  await registerProviders(world);
  const discovered = await showDiscovered(world);
  const classes = await defineClasses(world, discovered);
  await previewOrder(world, classes);
  const provisioned = await provision(world, classes, discovered);
  await cleanUp(world, provisioned, before);
  told.chapter('What it took');
  told.table(figuresTable(world.figures));
  const onHost = (next: FastHost): void => {
    started.next = next;
  };
  const played = await playScenes({ ...world, figures: [] }, { stage: stageOf(classes, discovered), host, dataDir, before, onHost });
  return { figures: world.figures, ...played };
};

const stop = async ({ host, arrays, next }: Started): Promise<void> => {
  await Promise.all([host.close(), next?.close(), ...arrays.map((array) => array.child.stop())]);
};

const signals = ['SIGINT', 'SIGTERM'] as const;
const endAtOnce = (): never => process.exit(130);

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of signals) process.off(signal, endAtOnce).once(signal, () => resolve());
  });

const keepUp = async ({ host, arrays, next }: Started): Promise<void> => {
  screen.chapter('Staying up until interrupted');
  screen.line(`${(next ?? host).url}  user root  password ${host.password}`);
  for (const array of arrays) screen.line(`${array.name}: 127.0.0.1:${array.port}  user ${array.username}  password ${array.password}`);
  await untilInterrupted();
};

const couldNotGoOn = (error: unknown): void => {
  console.error(error);
  screen.seen(false, `it could not go on: ${error instanceof Error ? error.message : String(error)}`);
};

const run = async (): Promise<void> => {
  const started = await start();
  try {
    const told = await tell(started, screen).catch(couldNotGoOn);
    const ok = screen.failures.length === 0;
    screen.chapter('In all');
    screen.line(ok ? `All of it was seen true, in ${seconds()} s.` : `Not true: ${screen.failures.join('; ')}`);
    if (values.json) process.stdout.write(`${JSON.stringify({ ok, seconds: seconds(), failures: screen.failures, ...told })}\n`);
    process.exitCode = ok ? 0 : 1;
    if (values.keep) await keepUp(started);
  } finally {
    await stop(started);
  }
};

for (const signal of signals) process.once(signal, endAtOnce);
await run();
