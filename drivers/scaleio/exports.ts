import { DriverError } from '../sdk/errors.ts';
import { afterChange, asDriverError, failedItem } from '../sdk/failure.ts';
import { pairRef } from '../sdk/refs.ts';
import type { BatchAnswer, ExportInitiator, ExportIntent, ExportVolume, ItemAnswer, ObservedExport } from '../sdk/verbs.ts';
import { accessOf } from './copy-mapping.ts';
import { type Attached, type ExportWork, ensurePair, inUse, mappingOf, requireSameAccess } from './export-pair.ts';
import { missing, readBack, readVolume, requireOurs, requireSame, requireSameSize } from './lookup.ts';
import { requireAccess, requireLimits } from './mapping-request.ts';
import { eachItem, type Run } from './run.ts';
import { findTarget, isMappedTo, requireMappable, type Target } from './targets.ts';
import { devicePath, mappingsOf } from './volume-mapping.ts';
import type { VolumeWire } from './wire.ts';
import type { SystemWire } from './wire-session.ts';

type Pair = ItemAnswer<ObservedExport>;

const checkRequest = (apiVersion: string, volume: ExportVolume, initiators: readonly ExportInitiator[]): void => {
  for (const initiator of initiators) requireMappable(initiator, apiVersion);
  requireLimits(volume.limits);
  requireAccess(volume, apiVersion);
};

const requireWritable = (there: VolumeWire, { access }: ExportVolume): void => {
  if (access === 'read-only' || accessOf(there) === 'read-write') return;
  throw new DriverError(`volume ${there.id} may only be read, and cannot be mapped read-write`, {
    outcome: 'DriverRejected',
    code: 'request.invalid',
  });
};

const requireExportable = (there: VolumeWire, { volume, attached, mode }: ExportWork): void => {
  requireSame(there, volume.volume);
  requireSameSize(there, volume.volume);
  requireOurs(there);
  requireWritable(there, volume);
  const others = mappingsOf(there).filter((mapping) => !attached.some(({ target }) => isMappedTo(mapping, target)));
  if (mode === 'exclusive' && others.length > 0) throw inUse(`volume ${there.id} is mapped to another initiator already`);
};

const connectionOf = (system: SystemWire, there: VolumeWire, { type, nativeId, initiatorId }: Target): ObservedExport['connection'] => {
  const attributes = { systemId: system.id, volumeId: there.id };
  if (type === 'sdc') return { kind: 'sdc', devicePath: devicePath(system.id, there.id), attributes: { ...attributes, sdcId: nativeId } };
  const { systemNqn } = system;
  return { kind: 'nvme-tcp', attributes: { ...attributes, hostNqn: initiatorId, ...(systemNqn ? { systemNqn } : {}) } };
};

const observe = ({ run, volume }: ExportWork, there: VolumeWire, { initiator, target }: Attached): ObservedExport => {
  const mapping = mappingOf(there, target);
  if (mapping === undefined) {
    throw new DriverError(`volume ${there.id} was mapped and is not`, { outcome: 'DriverUncertain', code: 'object.missing' });
  }
  requireSameAccess(mapping, volume);
  return {
    volumeRef: volume.ref,
    initiatorRef: initiator.ref,
    targets: [],
    access: volume.access,
    limits: mapping.limits,
    connection: connectionOf(run.gateway.system, there, target),
  };
};

const answerPair = (work: ExportWork, initiator: ExportInitiator, answer: () => Omit<Pair, 'ref'>): Pair => {
  const ref = pairRef(work.volume.ref, initiator.ref);
  try {
    return { ...answer(), ref };
  } catch (error) {
    return failedItem(ref, asDriverError(error));
  }
};

type Attempt = { attached: Attached } & ({ outcome: 'made' | 'found' } | { error: DriverError });

/** One after the other: all change the same volume. */
const ensurePairs = async (work: ExportWork, there: VolumeWire): Promise<readonly Attempt[]> => {
  const attempts: Attempt[] = [];
  for (const attached of work.attached) {
    const attempt = await ensurePair(work, there, attached.target).then(
      (outcome) => ({ attached, outcome }),
      (error: unknown) => ({ attached, error: asDriverError(error) }),
    );
    attempts.push(attempt);
  }
  return attempts;
};

const exportVolume = async (work: ExportWork): Promise<readonly Pair[]> => {
  const { gateway } = work.run;
  const there = await readVolume(gateway, work.volume.volume.nativeId);
  if (there === undefined) throw missing(work.volume.volume.nativeId);
  requireExportable(there, work);
  const attempts = await ensurePairs(work, there);
  const changed = attempts.some((attempt) => 'outcome' in attempt && attempt.outcome === 'made');
  const now = changed ? await afterChange(() => readBack(gateway, there.id)).catch(asDriverError) : there;
  return attempts.map((attempt) =>
    answerPair(work, attempt.attached.initiator, () => {
      if ('error' in attempt) throw attempt.error;
      if (now instanceof DriverError) throw now;
      return { status: 'done', outcome: attempt.outcome, nativeId: there.id, observed: observe(work, now, attempt.attached) };
    }),
  );
};

/** A volume that cannot be exported fails for each of its pairs. */
const forAllPairs = (
  initiators: readonly ExportInitiator[],
  { ref: volumeRef, status, error }: ItemAnswer<readonly Pair[]>,
): readonly Pair[] => initiators.map(({ ref }) => ({ ref: pairRef(volumeRef, ref), status, ...(error === undefined ? {} : { error }) }));

const attach = ({ gateway }: Run, initiators: readonly ExportInitiator[]): Promise<readonly Attached[]> =>
  Promise.all(initiators.map(async (initiator) => ({ initiator, target: await findTarget(gateway, initiator) })));

/** Two calls a volume, look and read back, and one a mapping, or two with limits. One call a volume when all is so already. */
export const ensureExports = async (run: Run, { volumes, hosts, mode }: ExportIntent): Promise<BatchAnswer<ObservedExport>> => {
  const initiators = hosts.flatMap((host) => host.initiators);
  let found: Promise<readonly Attached[]> | undefined;
  const answer = await eachItem(run, volumes, async (volume) => {
    checkRequest(run.gateway.version, volume, initiators);
    found ??= attach(run, initiators);
    return { observed: await exportVolume({ run, volume, attached: await found, mode }) };
  });
  return { items: answer.items.flatMap((item) => item.observed ?? forAllPairs(initiators, item)) };
};
