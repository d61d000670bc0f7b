import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { getResource } from '../../core/inventory/read.ts';
import { assemblyOf } from '../../local/synthesis.ts';
import { costOf } from '../demo/figures.ts';
import { anEstate, registration, volumeOrder } from '../support/estate.ts';
import { judgedBy } from './budgets.ts';
import { bundleFigures } from './bundles.ts';
import { lifeOfVolumes, type Measured, measured } from './counted.ts';
import { driverFigures } from './driver.ts';
import { type LoadResult, loadWith } from './load.ts';
import { placementMs } from './many-pools.ts';
import { pageMs, seedVolumes } from './many-volumes.ts';
import { recoveryFigures } from './recovery.ts';
import { rediscoveryFigures } from './rediscovery.ts';
import { report } from './report.ts';
import type { Results } from './results.ts';
import { startFigures } from './starts.ts';
import { operatorRows } from './store.ts';
import { type Installed, startWorld } from './world.ts';

const isJson = process.argv.includes('--json');
const say = (line: string): void => void (isJson ? undefined : console.log(line));

const loadNow = (): number => loadavg()[0] ?? 0;

const measureOperations = async (world: Installed): Promise<Results['operations']> => {
  const operations: { name: string; counted: Measured['counted']; costUsd: number; milliseconds: number }[] = [];
  const note = (name: string, { counted, milliseconds }: Measured): void =>
    void operations.push({ name, counted, costUsd: costOf(counted), milliseconds });
  const hostId: string = (await world.get('/compute/hosts')).body.host[0].id;
  const [, second] = world.simulators;
  if (second) note('register and discover', await measured(world, '/vdc/storage-providers', registration(second, 'second')));
  await lifeOfVolumes(world, { estate: world.estate, hostId }, note);
  return operations;
};

const plans = [
  { clients: 1, each: 60, tries: 2 },
  { clients: 10, each: 40, tries: 3 },
  { clients: 50, each: 6, tries: 2 },
] as const;

const better = (a: LoadResult, b: LoadResult): LoadResult => (b.volumesPerSecond > a.volumesPerSecond ? b : a);

/** The best of some tries; failures of all of them. */
const measureLoad = async (world: Installed): Promise<LoadResult[]> => {
  await loadWith(world, { clients: 4, each: 10 });
  const results: LoadResult[] = [];
  for (const { tries, ...plan } of plans) {
    const all: LoadResult[] = [];
    for (let n = 0; n < tries; n += 1) all.push(await loadWith(world, plan));
    results.push({ ...all.reduce(better), failures: all.flatMap(({ failures }) => failures) });
  }
  return results;
};

const seededVolumes = 5000;

const measurePage = async (world: Installed): Promise<Results['page']> => {
  const { estate } = world;
  const { body: project } = await world.post(`/tenants/${estate.tenantId}/projects`, { name: 'many' });
  const made = await world.post('/block/volumes', volumeOrder(estate, { name: 'like' }));
  const { resource } = await world.finished(made.body.task[0]);
  const rows = await operatorRows(world);
  const like = await getResource(rows, 'system', { type: 'Volume', id: resource.id });
  await seedVolumes(rows, like, { projectId: project.id, count: seededVolumes });
  return pageMs(world, project.id);
};

/** One array is registered with the estate; the other one's registration is measured. */
const inWorld = async (assemblyDir: string): Promise<Pick<Results, 'operations' | 'loads' | 'page' | 'recovery'>> => {
  const world = await startWorld({ assemblyDir, gateways: 2 });
  try {
    const installed = { ...world, estate: await anEstate({ ...world, simulators: world.simulators.slice(0, 1) }) };
    say('operations …');
    const operations = await measureOperations(installed);
    say('load …');
    const loads = await measureLoad(installed);
    say(`a page among ${seededVolumes} volumes …`);
    const page = await measurePage(installed);
    say('a host that is killed …');
    return { operations, loads, page, recovery: await recoveryFigures(installed, assemblyDir) };
  } finally {
    await world.close();
  }
};

const measureAll = async (): Promise<Results> => {
  const loadBefore = loadNow();
  const context = { stage: 'dev', arrayCidrs: '127.0.0.0/8' };
  const assemblyDir = await assemblyOf({ context, cacheDir: resolve('.cache/assemblies'), onSynthesis: () => say('synthesis …') });
  say('bundles …');
  const bundles = await bundleFigures(assemblyDir);
  say('starts …');
  const starts = await startFigures();
  const measuredInWorld = await inWorld(assemblyDir);
  say('rediscovery of many volumes …');
  const rediscovery = await rediscoveryFigures(assemblyDir);
  say('the driver before a large array, conformance …');
  const driver = await driverFigures();
  const machine = `${availableParallelism()} cores, Node.js ${process.version}`;
  return {
    machine,
    loadBefore,
    ...measuredInWorld,
    rediscovery,
    driver,
    placementMs: placementMs(),
    bundles,
    starts,
    loadAfter: loadNow(),
  };
};

const results = await measureAll();
const judged = judgedBy(results);
if (isJson) console.log(JSON.stringify({ ...results, budgets: judged }));
else {
  const text = report(results, judged);
  writeFileSync(resolve('docs/benchmarks.md'), text);
  console.log(text);
}
