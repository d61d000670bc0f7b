import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { countingPk } from '../../../core/quota/quota.ts';
import type { Ground } from './estate.ts';
import type { Play } from './play.ts';

/** Of real time. */
const patienceMs = 120_000;

const doctor = resolve(import.meta.dirname, '..', '..', '..', 'local', 'doctor.ts');

interface Report {
  readonly unasked: readonly { readonly provider: string; readonly reason: string }[];
  readonly findings: readonly { readonly check: string; readonly subject: string; readonly says: string }[];
}

const examined = async ({ dataDir }: Ground): Promise<Report> => {
  const run = promisify(execFile)(process.execPath, [doctor, '--data', dataDir, '--json'], { maxBuffer: 2 ** 26 });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return JSON.parse(stdout);
};

/** A task that is ready is told so right after its operation has committed. */
const isUnderWay = (row: Readonly<Record<string, unknown>>): boolean =>
  (row['openPk'] !== undefined && row['workflow'] !== 'discover-provider') || (row['sk'] === 'TASK' && row['state'] === 'pending');

/** Lets the faults end and time pass until nothing is under way. */
export const comeToRest = async (ground: Ground): Promise<void> => {
  ground.calm();
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const open = (await ground.stored.all('Tasks')).filter((row) => isUnderWay(row));
    const counting = (await ground.stored.all('Inventory')).filter(({ pk }) => pk === countingPk);
    if (open.length + counting.length === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`still under way: ${JSON.stringify([...open, ...counting])}`);
    await pause(50);
  }
};

/** By the model: each volume is where the ends of its orders put it. */
const disagreements = async ({ send }: Ground, { model }: Play): Promise<string[]> => {
  const found: string[] = [];
  for (const volume of model.volumes.values()) {
    const { body } = await send('GET', `/block/volumes/${volume.id}`);
    if (volume.isUncertain) continue;
    const complaint = volume.exists === undefined ? `${volume.name} is undecided` : model.allows(volume, volume, body);
    if (complaint) found.push(complaint);
  }
  return found;
};

/** What of store, arrays and model does not agree in the end; empty when all is well. */
export const verdict = async (ground: Ground, play: Play, foreignBefore: string): Promise<string[]> => {
  const { model } = play;
  for (const volume of model.volumes.values()) if (volume.asked) await play.learn(volume.id, volume.asked, 'must have ended');
  const released = [...model.volumes.values()].filter((volume) => volume.isReleased || volume.isUncertain).map(({ id }) => id);
  const { findings, unasked } = await examined(ground);
  const wrong = findings.filter(({ says }) => !released.some((id) => says.includes(`the name of ${id},`)));
  return [
    ...model.complaints,
    ...(await disagreements(ground, play)),
    ...unasked.map(({ provider, reason }) => `${provider} could not be asked: ${reason}`),
    ...wrong.map(({ check, subject, says }) => `${check}: ${subject}: ${says}`),
    ...(ground.foreign() === foreignBefore ? [] : ['foreign objects were changed']),
  ];
};
