import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { FaultRule } from '../../../drivers/scaleio/simulator/faults.ts';
import type { SeedInput } from '../../../drivers/scaleio/simulator/seed-schema.ts';
import type { Simulator } from '../../../drivers/scaleio/simulator/start.ts';

/** An array that others use too: the host that volumes are exported to has a volume of theirs, and names look like ours. */
export const crowdedSeed: SeedInput = {
  ...defaultSeed,
  volumes: [
    { name: 'theirs', pool: 'pool1', sizeGb: 16, thick: true, mappings: [{ sdc: 'host1' }] },
    { name: 'theirs-snap', ancestor: 'theirs', marks: { lockedAutoSnapshot: true } },
    { name: 'theirs-shared', pool: 'pool2', sizeGb: 8, mappings: [{ sdc: 'host1' }, { sdc: 'host2', accessMode: 'ReadOnly' }] },
    { name: 'pzzzzzz-0123456789012345678901', pool: 'pool1', sizeGb: 8 },
    { name: 'data', pool: 'pool1', sizeGb: 8 },
    { name: 'data-1', pool: 'pool1', sizeGb: 8 },
  ],
};

/** Where an array is asked and made to misbehave: in this process or in another one. */
export interface ArrayUnderTest {
  readonly simulator: Simulator;
  /** Everything on it, as bytes to compare. */
  bytes(): string;
  /** Volumes by name, ids and mapped initiators. */
  volumes(): readonly ArrayVolume[];
  /** How many calls the first fault that is set has struck, or would have if it struck more than once. */
  met(): Promise<number>;
  /** What somebody else does. */
  outsider(path: string, body: unknown): Promise<{ id?: string }>;
}

export interface ArrayVolume {
  readonly id: string;
  readonly name: string | null;
  readonly mappedTo: readonly string[];
}

export const arrayOf = (simulator: Simulator): ArrayUnderTest => ({
  simulator,
  bytes: () => JSON.stringify(simulator.dump()),
  volumes: () =>
    [...simulator.state.volumes.values()].map(({ id, name, mappings }) => ({
      id,
      name,
      mappedTo: mappings.map(({ sdcId }) => sdcId).sort(),
    })),
  met: async () => {
    const rules = (await (await fetch(`${simulator.controlUrl}/faults`)).json()) as { matched: number; rule: FaultRule }[];
    const [first] = rules;
    return first === undefined ? 0 : Math.max(0, first.matched - first.rule.match.nth + 1);
  },
  outsider: async (path, body) => {
    const answer = await fetch(`${simulator.controlUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as { id?: string };
  },
});
