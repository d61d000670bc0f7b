import { describe, expect, it } from 'vitest';
import { sealHistory } from '../../../../functions/events/seal-history.ts';
import { HistoryWorld } from '../../../support/history-world.ts';

interface Logged {
  readonly message: string;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

/** A tick ten minutes after the first change. */
const aTick = async () => {
  const world = new HistoryWorld();
  world.rows.seed('Inventory', [
    { pk: 'INSTALLATION', sk: 'INSTALLATION', mark: 'abc123', rootTenantId: 'root', epoch: 1, createdAt: world.at },
  ]);
  await world.create(1);
  world.nowMs += 600_000;
  const logged: Logged[] = [];
  const log = (message: string, facts?: Logged['facts']) => void logged.push({ message, facts });
  const ports = { rows: world.rows, clock: { now: () => world.nowMs }, log: { info: log, warn: log, error: log } };
  return { world, ports, logged };
};

describe('a tick', () => {
  it('seals what is due, and puts the hash into the log, where the table’s writer cannot reach it', async () => {
    const { world, ports, logged } = await aTick();
    await sealHistory(ports);
    const hash = String(world.rows.all('History').find(({ pk }) => pk === 'SEAL')?.['hash']);
    expect(logged).toEqual([{ message: 'history was sealed', facts: expect.objectContaining({ hash, count: 1 }) }]);
  });

  it('seals nothing twice', async () => {
    const { world, ports } = await aTick();
    await Promise.all([sealHistory(ports), sealHistory(ports)]);
    expect(world.rows.all('History').filter(({ pk }) => pk === 'SEAL')).toHaveLength(1);
  });

  it('is not stopped by a store that fails: the next one tries again', async () => {
    const { ports, logged } = await aTick();
    ports.rows.query = () => Promise.reject(new Error('no answer'));
    await expect(sealHistory(ports)).resolves.toBeUndefined();
    expect(logged.at(-1)?.message).toContain('tried again at the next tick');
  });
});
