import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { CommittedVolume } from '../sdk/verbs.ts';
import { isSnapshot } from './copy-mapping.ts';
import type { Gateway } from './gateway.ts';
import { missing, readVolume, requireOurs, requireSame, requireSameSize } from './lookup.ts';
import { systemLimits } from './system-limits.ts';
import { type VolumeWire, volumeWire } from './wire.ts';

export const readTree = (gateway: Gateway, vtreeId: string): Promise<readonly VolumeWire[]> =>
  gateway.get(z.array(volumeWire), `/api/instances/VTree::${vtreeId}/relationships/Volume`);

const readSource = async (gateway: Gateway, expected: CommittedVolume): Promise<VolumeWire> => {
  const source = await readVolume(gateway, expected.nativeId);
  if (source === undefined) throw missing(expected.nativeId);
  requireSame(source, expected);
  requireSameSize(source, expected);
  requireOurs(source);
  return source;
};

const full = (vtreeId: string, facts: { present: number; limit: number }): DriverError =>
  new DriverError(`the tree ${vtreeId} has ${facts.present} snapshots and may have ${facts.limit}`, {
    outcome: 'DriverRejected',
    code: 'limit.exceeded',
    facts: { sharedFateId: vtreeId, present: String(facts.present), limit: String(facts.limit) },
  });

/** Everybody's snapshots count, those of policies and of other products, too. */
const requireRoom = async (gateway: Gateway, vtreeId: string, more: number): Promise<void> => {
  const { snapshotsPerTree: limit } = await systemLimits(gateway);
  const present = (await readTree(gateway, vtreeId)).filter(isSnapshot).length;
  if (present + more > limit) throw full(vtreeId, { present, limit });
};

/** Checks each source and each tree before anything is taken: one call for a source, one for a tree. */
export const requireSources = async (gateway: Gateway, expected: readonly CommittedVolume[]): Promise<void> => {
  const sources = await Promise.all(expected.map((source) => readSource(gateway, source)));
  const more = new Map<string, number>();
  for (const { vtreeId } of sources) if (vtreeId) more.set(vtreeId, (more.get(vtreeId) ?? 0) + 1);
  await Promise.all([...more].map(([vtreeId, count]) => requireRoom(gateway, vtreeId, count)));
};
