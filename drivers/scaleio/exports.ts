import { DriverError } from '../sdk/errors.ts';
import { afterChange, asDriverError, failedItem } from '../sdk/failure.ts';
import { pairRef } from '../sdk/refs.ts';
import type { BatchAnswer, ExportInitiator, ExportIntent, ItemAnswer, ObservedExport } from '../sdk/verbs.ts';
import { type ExportWork, ensurePair, inUse, mappingOf, requireSameAccess } from './export-pair.ts';
import { readBack, readVolume, requireOurs, requireSame, requireSameSize } from './lookup.ts';
import { requireAccess, requireLimits, requireSdc } from './mapping-request.ts';
import { eachItem, type Run } from './run.ts';
import { devicePath, isSdcMapping, mappingsOf } from './volume-mapping.ts';
import { missing } from './volumes.ts';
import type { VolumeWire } from './wire.ts';

type Pair = ItemAnswer<ObservedExport>;

const checkRequest = ({ run, volume, initiators }: ExportWork): void => {
  for (const { type } of initiators) requireSdc(type);
  requireLimits(volume.limits);
  requireAccess(volume, run.gateway.version);
};

const requireExportable = (there: VolumeWire, { volume, initiators, mode }: ExportWork): void => {
  requireSame(there, volume.volume);
  requireSameSize(there, volume.volume);
  requireOurs(there);
  const others = mappingsOf(there).filter((mapping) => !initiators.some(({ id }) => isSdcMapping(mapping, id)));
  if (mode === 'exclusive' && others.length > 0) throw inUse(`volume ${there.id} is mapped to another initiator already`);
};

const observe = ({ run, volume }: ExportWork, there: VolumeWire, initiator: ExportInitiator): ObservedExport => {
  const mapping = mappingOf(there, initiator.id);
  if (mapping === undefined) {
    throw new DriverError(`volume ${there.id} was mapped and is not`, { outcome: 'DriverUncertain', code: 'object.missing' });
  }
  requireSameAccess(mapping, volume);
  const systemId = run.gateway.system.id;
  return {
    volumeRef: volume.ref,
    initiatorRef: initiator.ref,
    targets: [],
    access: volume.access,
    limits: mapping.limits,
    connection: {
      kind: 'sdc',
      devicePath: devicePath(systemId, there.id),
      attributes: { systemId, volumeId: there.id, sdcId: initiator.id },
    },
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

type Attempt = { initiator: ExportInitiator } & ({ outcome: 'made' | 'found' } | { error: DriverError });

/** One after the other: all change the same volume. */
const ensurePairs = async (work: ExportWork, there: VolumeWire): Promise<readonly Attempt[]> => {
  const attempts: Attempt[] = [];
  for (const initiator of work.initiators) {
    const attempt = await ensurePair(work, there, initiator.id).then(
      (outcome) => ({ initiator, outcome }),
      (error: unknown) => ({ initiator, error: asDriverError(error) }),
    );
    attempts.push(attempt);
  }
  return attempts;
};

const exportVolume = async (work: ExportWork): Promise<readonly Pair[]> => {
  checkRequest(work);
  const { gateway } = work.run;
  const there = await readVolume(gateway, work.volume.volume.nativeId);
  if (there === undefined) throw missing(work.volume.volume.nativeId);
  requireExportable(there, work);
  const attempts = await ensurePairs(work, there);
  const changed = attempts.some((attempt) => 'outcome' in attempt && attempt.outcome === 'made');
  const now = changed ? await afterChange(() => readBack(gateway, there.id)).catch(asDriverError) : there;
  return attempts.map((attempt) =>
    answerPair(work, attempt.initiator, () => {
      if ('error' in attempt) throw attempt.error;
      if (now instanceof DriverError) throw now;
      return { status: 'done', outcome: attempt.outcome, nativeId: there.id, observed: observe(work, now, attempt.initiator) };
    }),
  );
};

/** A volume that cannot be exported fails for each of its pairs. */
const forAllPairs = (
  initiators: readonly ExportInitiator[],
  { ref: volumeRef, status, error }: ItemAnswer<readonly Pair[]>,
): readonly Pair[] => initiators.map(({ ref }) => ({ ref: pairRef(volumeRef, ref), status, ...(error === undefined ? {} : { error }) }));

/** Two calls a volume, look and read back, and one a mapping, or two with limits. One call a volume when all is so already. */
export const ensureExports = async (run: Run, { volumes, hosts, mode }: ExportIntent): Promise<BatchAnswer<ObservedExport>> => {
  const initiators = hosts.flatMap((host) => host.initiators);
  const answer = await eachItem(run, volumes, async (volume) => ({ observed: await exportVolume({ run, volume, initiators, mode }) }));
  return { items: answer.items.flatMap((item) => item.observed ?? forAllPairs(initiators, item)) };
};
