import type { World } from '../world.ts';
import type { Classes } from './classes.ts';

interface Preview {
  readonly volumes: readonly { name: string; requested_capacity_gb: string; provisioned_capacity_gb: string }[];
  readonly chosen: readonly { storage_pool: { name: string }; why: string | readonly string[] }[];
  readonly refused: readonly { storage_pool: { name: string }; reasons: readonly string[] }[];
  readonly calls: readonly { step: string; verb: string; undo?: string; items: number }[];
  readonly cost: { state_machine_transitions: number; lambda_runs: number; write_units: number; aws_cost_usd: string };
}

/** The plan of an order, before anything is ordered. */
export const previewOrder = async (world: World, classes: Classes): Promise<void> => {
  const { api, screen } = world;
  screen.chapter('Ask for a volume without ordering it (?dry_run=true)');
  const order = { name: 'data', size: '10GB', count: 1, project: classes.projectId, varray: classes.varrayId, vpool: classes.vpoolId };
  const { status, body } = await api.post('/block/volumes?dry_run=true', order);
  const plan = body['plan'] as unknown as Preview;
  for (const { storage_pool, why } of plan.chosen) screen.line(`chosen: ${storage_pool.name}, since ${[why].flat().join('; ')}`);
  for (const { storage_pool, reasons } of plan.refused) screen.line(`not chosen: ${storage_pool.name}, since ${reasons.join('; ')}`);
  for (const volume of plan.volumes)
    screen.line(
      `size: ${volume.requested_capacity_gb} GiB asked, ${volume.provisioned_capacity_gb} GiB made (arrays make multiples of 8 GiB)`,
    );
  for (const call of plan.calls)
    screen.line(`${call.step}: ${call.verb} of ${call.items}, taken back by ${call.undo ?? 'nothing: a look at the array decides'}`);
  const { cost } = plan;
  screen.line(
    `on AWS: ${cost.state_machine_transitions} transitions, ${cost.lambda_runs} Lambda runs, ${cost.write_units} write units, $${cost.aws_cost_usd}`,
  );
  screen.seen(status === 202 || status === 200, 'the plan is answered');
  screen.seen(plan.volumes[0]?.provisioned_capacity_gb === '16.00', '10 GiB become 16 GiB, the next multiple of 8');
  const search = await api.get(`/block/volumes/search?project=${classes.projectId}`);
  screen.seen(((search.body['resource'] ?? []) as readonly unknown[]).length === 0, 'nothing was stored and no array was asked');
};
