import type { Gateway } from './gateway.ts';
import { unlessRefused } from './refusal.ts';
import { isAtLeast } from './releases.ts';
import { systemLimitsWire } from './wire.ts';

/** What the array says about itself; a limit that it does not tell is absent. */
export interface SystemLimits {
  /** Snapshots of one tree, whoever made them, its first volume apart. */
  snapshotsPerTree: number;
  volumesPerSystem?: number;
  volumesPerHost?: number;
  hosts?: number;
}

/** By release, where the array does not tell. */
const snapshotsByRelease = (apiVersion: string): number => (isAtLeast(apiVersion, '3.0') ? 126 : 31);

const readLimits = async (gateway: Gateway): Promise<ReadonlyMap<string, number>> => {
  const answer = await gateway.ask(systemLimitsWire, `/api/instances/System::${gateway.system.id}/action/querySystemLimits`, {});
  return new Map(answer.systemLimitEntryList.map(({ type, maxVal }) => [type, Number(maxVal)]));
};

const present = (name: keyof SystemLimits, value: number | undefined) => (value === undefined ? {} : { [name]: value });

/** A tree holds its first volume, too; of two figures for the same thing the smaller counts. */
const snapshotsOf = (told: ReadonlyMap<string, number>, apiVersion: string): number => {
  const volumes = told.get('volumePerVtree');
  const proven = [told.get('snapshotsPerVtree'), volumes === undefined ? undefined : volumes - 1].filter((value) => value !== undefined);
  return proven.length === 0 ? snapshotsByRelease(apiVersion) : Math.min(...proven);
};

/** One call in a session. A release that cannot tell its limits refuses the question; then what is known of the release counts. */
export const systemLimits = (gateway: Gateway): Promise<SystemLimits> =>
  gateway.facts.once('limits', async () => {
    const told = await unlessRefused(readLimits(gateway), new Map<string, number>());
    return {
      snapshotsPerTree: snapshotsOf(told, gateway.version),
      ...present('volumesPerSystem', told.get('volumes')),
      ...present('volumesPerHost', told.get('volumesPerSdc')),
      ...present('hosts', told.get('sdcs')),
    };
  });
