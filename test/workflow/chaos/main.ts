import { parseArgs } from 'node:util';
import { setup } from '../../support/synthesized.ts';
import { playHistory } from './history.ts';

/** Plays random histories until the time is over or one goes wrong: `npm run chaos -- [--seed N] [--minutes M] [--actions K]`. */

const text = { type: 'string' } as const;

const { values } = parseArgs({ options: { seed: text, minutes: text, actions: text } });

const numberOf = (name: 'seed' | 'minutes' | 'actions', fallback: number): number => {
  const given = values[name];
  const number = given === undefined ? fallback : Number(given);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new Error(`--${name} is ${given}, but must be a number`);
};

const first = numberOf('seed', Date.now() % 1_000_000);
const endsAt = Date.now() + numberOf('minutes', 1) * 60_000;
const actions = numberOf('actions', 150);

await setup();
for (let seed = first; seed === first || Date.now() < endsAt; seed += 1) {
  const began = Date.now();
  const { orders, volumes, failures, complaints } = await playHistory(seed, actions);
  process.stdout.write(
    `seed ${seed}: ${actions} actions, ${orders} orders, ${volumes} volumes, ${failures} tasks failed, ${((Date.now() - began) / 1000).toFixed(1)} s: ${complaints.length === 0 ? 'agree' : 'DISAGREE'}\n`,
  );
  if (complaints.length === 0) continue;
  process.stdout.write(
    `${complaints.map((complaint) => `  ${complaint}\n`).join('')}Again: npm run chaos -- --seed ${seed} --minutes 0 --actions ${actions}\n`,
  );
  process.exitCode = 1;
  break;
}
