import type { World } from '../world.ts';
import { seeRefused } from './asides.ts';
import type { Stage } from './stage.ts';

interface Braked {
  readonly chosen: readonly { readonly storage_pool: { readonly name: string } }[];
  readonly refused_now?: string;
}

/** The brake of the whole installation: plans go on, effects do not. */
export const freezeInstallation = async (world: World, { orderOf }: Stage): Promise<void> => {
  const { api, screen } = world;
  const set = (properties: Record<string, string>) => api.put('/config/properties', { properties });
  await set({ operations: 'frozen', operations_reason: 'fire drill' });
  const { body } = await api.post('/block/volumes?dry_run=true', orderOf('braked', 1));
  const plan = body['plan'] as unknown as Braked | undefined;
  screen.line(`Patina (plan): ${plan?.chosen[0]?.storage_pool.name} would be taken; refused now: ${plan?.refused_now}`);
  screen.seen(plan?.chosen.length === 1 && plan.refused_now !== undefined, 'the plan of an order is answered, and that it is refused now');
  await seeRefused(world, 'the order itself', () => api.post('/block/volumes', orderOf('braked', 1)));
  await set({ operations: 'normal' });
  const after = await api.post('/block/volumes?dry_run=true', orderOf('braked', 1));
  screen.seen((after.body['plan'] as unknown as Braked | undefined)?.refused_now === undefined, 'set to normal, it would be accepted');
};
