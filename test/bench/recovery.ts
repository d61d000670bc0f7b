import { startChild } from '../demo/child.ts';
import { volumeOrder } from '../support/estate.ts';
import { loginAs, sender } from '../support/live.ts';
import { finishing, type Installed, type Started } from './world.ts';

/** The host is killed right after it has accepted an order, and started again on the same data. */
export interface RecoveryFigures {
  readonly bootSeconds: number;
  /** From the new start until the task has ended. */
  readonly endedSeconds: number;
  readonly state: string;
}

export const recoveryFigures = async (world: Installed, assemblyDir: string): Promise<RecoveryFigures> => {
  const { body } = await world.post('/block/volumes', volumeOrder(world.estate, { name: 'interrupted', count: 3 }));
  await world.child.kill();
  const begunAt = performance.now();
  const seconds = (): number => (performance.now() - begunAt) / 1000;
  const child = startChild('test/bench/host.ts', [assemblyDir, world.dataDir]);
  try {
    const [, json = ''] = await child.line(/^HOST (.*)$/);
    const bootSeconds = seconds();
    const { url } = JSON.parse(json) as Started;
    const send = sender(url, await loginAs(url, world.rootPassword));
    const { state } = await finishing((path) => send('GET', path))(body.task[0]);
    return { bootSeconds, endedSeconds: seconds(), state };
  } finally {
    await child.stop();
  }
};
