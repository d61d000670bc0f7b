import { actionsOf } from './actions.ts';
import { openGround } from './estate.ts';
import { Play } from './play.ts';
import { comeToRest, verdict } from './verdict.ts';

export interface History {
  readonly seed: number;
  readonly actions: number;
  readonly orders: number;
  readonly volumes: number;
  /** Orders that were accepted and ended with an error. */
  readonly failures: number;
  readonly complaints: readonly string[];
}

/** One random history on fresh ground, and what is wrong after it. */
export const playHistory = async (seed: number, actions: number): Promise<History> => {
  const ground = await openGround();
  const play = new Play(ground);
  try {
    const foreign = ground.foreign();
    const letIdle = ground.clock.busy();
    for (const action of actionsOf(seed, actions)) await play.begin(action);
    await play.begin({ do: 'pass', seconds: 30 });
    letIdle();
    await comeToRest(ground);
    const complaints = await verdict(ground, play, foreign);
    const failures = (await ground.stored.all('Tasks')).filter(({ sk, state }) => sk === 'TASK' && state === 'error').length;
    return { seed, actions, orders: play.orders, volumes: play.model.volumes.size, failures, complaints };
  } finally {
    await ground.close();
  }
};
