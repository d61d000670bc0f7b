import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoArray, startArray } from './array.ts';
import { createClient, login } from './client.ts';
import { figuresTable, type TaskFigures } from './figures.ts';
import { type DemoHost, startHost } from './host.ts';
import { optionsOf } from './options.ts';
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
const startedAt = performance.now();
const seconds = (): number => Math.round((performance.now() - startedAt) / 100) / 10;

interface Started {
  readonly host: DemoHost;
  readonly arrays: readonly DemoArray[];
}

const start = async (): Promise<Started> => {
  screen.chapter('Start two gateway simulators that others already use, and Patina');
  const [arrays, host] = await Promise.all([
    Promise.all(demoSeeds.map((seed) => startArray(seed, folder))),
    startHost(join(folder, 'data')),
  ]);
  for (const array of arrays)
    screen.line(
      `${array.name}: PowerFlex API ${array.apiVersion} at https://127.0.0.1:${array.port}, ${(await array.volumes()).length} foreign volumes and snapshots`,
    );
  screen.line(`Patina: ${host.url} (the synthesized application, no AWS account)`);
  return { host, arrays };
};

const logIn = async (host: DemoHost): Promise<string> => {
  screen.chapter('Log in as the local root user');
  const { token, status } = await login(host.url, 'root', host.password);
  screen.seen(status === 200 && token !== '', 'GET /login answers a token');
  return token;
};

interface Told {
  readonly figures: readonly TaskFigures[];
  readonly foreignObjectsTouched: number;
}

const tell = async ({ host, arrays }: Started, told: Screen): Promise<Told> => {
  const api = createClient(host.url, await logIn(host));
  const world: World = { screen: told, host, arrays, api, figures: [], planned: [] };
  const listings = await Promise.all(arrays.map((array) => array.listing()));
  const volumeIds = (await Promise.all(arrays.map((array) => array.volumes()))).flat().map(({ id }) => id);
  await registerProviders(world);
  const discovered = await showDiscovered(world);
  const classes = await defineClasses(world, discovered);
  await previewOrder(world, classes);
  const provisioned = await provision(world, classes, discovered);
  const foreignObjectsTouched = await cleanUp(world, provisioned, { listings, volumeIds });
  told.chapter('What it took');
  told.table(figuresTable(world.figures));
  return { figures: world.figures, foreignObjectsTouched };
};

const stop = async ({ host, arrays }: Started): Promise<void> => {
  await Promise.all([host.child.stop(), ...arrays.map((array) => array.child.stop())]);
  rmSync(folder, { recursive: true, force: true });
};

const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

const keepUp = async ({ host, arrays }: Started): Promise<void> => {
  screen.chapter('Staying up until interrupted');
  screen.line(`${host.url}  user root  password ${host.password}`);
  for (const array of arrays) screen.line(`${array.name}: 127.0.0.1:${array.port}  user ${array.username}  password ${array.password}`);
  await untilInterrupted();
};

const run = async (): Promise<void> => {
  const started = await start();
  try {
    const told = await tell(started, screen);
    const ok = screen.failures.length === 0;
    screen.line('');
    screen.line(ok ? `All of it was seen true, in ${seconds()} s.` : `Not true: ${screen.failures.join('; ')}`);
    if (values.json) process.stdout.write(`${JSON.stringify({ ok, seconds: seconds(), failures: screen.failures, ...told })}\n`);
    process.exitCode = ok ? 0 : 1;
    if (values.keep) await keepUp(started);
  } finally {
    await stop(started);
  }
};

await run();
