import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
let bench: Bench;
beforeAll(async () => { bench = await startBench(); });
afterAll(() => bench.close());
it('probes', async () => {
  const t = performance.now();
  console.log(bench.functions, Object.keys(bench.live.host.lambdas.workers()), bench.live.host.events.ruleNames);
  const { estate } = bench;
  for (let n = 0; n < 3; n += 1) {
    const t0 = performance.now();
    const v = await bench.ask('POST', '/block/volumes', { name: `v${n}`, size: '8GB', count: 2, project: estate.projectId, varray: estate.varrayId, vpool: estate.vpoolId });
    await bench.until('x', async () => !(await bench.stored.all('Tasks')).some((r) => r['openPk']));
    console.log('create', performance.now() - t0, v.task.map((x: {op_id: string}) => x.op_id));
  }
  console.log((await bench.stored.all('Tasks')).slice(0, 3));
  console.log((await bench.stored.all('Coordination')));
  console.log((await bench.stored.all('Inventory')).map((r) => `${r.pk} ${r.sk}`));
  console.log(bench.array.volumes());
  console.log('virtual', bench.clock.now() - Date.now(), performance.now() - t);
  expect(1).toBe(1);
});
