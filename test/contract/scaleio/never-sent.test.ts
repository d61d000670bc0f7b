import { describe, expect, it } from 'vitest';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import type { VolumeMarks } from '../../../drivers/scaleio/simulator/model.ts';
import type { ApiVersion } from '../../../drivers/scaleio/simulator/versions.ts';
import { type Bench, committed, openBench } from '../../../drivers/sdk/conformance/bench.ts';
import { exportIntent, exportPair } from '../../../drivers/sdk/conformance/export-bench.ts';
import { conformanceCases, runConformanceCase } from '../../../drivers/sdk/conformance/suite.ts';
import type { ObservedVolume } from '../../../drivers/sdk/model.ts';
import { startTarget } from '../../support/scaleio-target.ts';

/** Words by which the array would do more than was asked: to what others manage, or to every host, or to a volume's whole family. */
const forbidden = [
  'allowOnExtManagedVol',
  'allSdcs',
  'ignoreScsiInitiators',
  'skipApplianceValidation',
  'INCLUDING_DESCENDANTS',
  'DESCENDANTS_ONLY',
  'WHOLE_VTREE',
  'removeConsistencyGroupSnapshots',
  'setSnapshotSecurity',
  'unlockAutoSnapshot',
  'unmarkForReplication',
  'Forcefully',
];

describe.each(['2.5', '3.6', '4.5'] satisfies ApiVersion[])('in all that the driver sends to release %s', (apiVersion) => {
  it('there is no word that would reach further than what was asked', async () => {
    const target = await startTarget({ apiVersion });
    for (const conformanceCase of conformanceCases(target.declaration)) await runConformanceCase(target, conformanceCase);
    const sent = target.simulator.log.changes();
    const text = JSON.stringify(sent.map(({ path, body }) => ({ path, body })));
    expect(forbidden.filter((word) => text.includes(word))).toEqual([]);
    for (const { body } of sent.filter(({ verb }) => verb === 'removeVolume')) expect(body).toEqual({ removeMode: 'ONLY_ME' });
    for (const { body } of sent.filter(({ path }) => path.endsWith('/types/Volume/instances'))) {
      expect(body).toMatchObject({ volumeType: expect.stringMatching(/^(Thin|Thick)Provisioned$/) });
    }
    expect(sent.length).toBeGreaterThan(100);
    await target.simulator.close();
  });
});

const marks: readonly (Partial<VolumeMarks> & { reason: string })[] = [
  { reason: 'managed by another product', managedBy: 'OtherProduct' },
  { reason: 'replicated', volumeReplicationState: 'MarkedForReplication' },
  { reason: 'replicated', replicationJournalVolume: true },
  { reason: 'locked', lockedAutoSnapshot: true },
  { reason: 'made by a snapshot policy of the array', autoSnapshotGroupId: '00000000000000aa' },
  { reason: 'made by a snapshot policy of the array', snplIdOfAutoSnapshot: '00000000000000aa' },
  { reason: 'a secure snapshot', secureSnapshotExpTime: 4_000_000_000 },
];

const older: typeof marks = [
  { reason: 'a virtual volume of a hypervisor', isVvol: true },
  { reason: 'mapped to every host of the array', mappingToAllSdcsEnabled: true },
];

const inputsOf = (bench: Bench, volume: ObservedVolume): readonly (readonly [string, object])[] => {
  const identity = committed(volume);
  const one = (more: object) => ({ items: [{ ref: 'a', volume: identity, ...more }] });
  return [
    ['ensureVolumesAbsent', one({})],
    ['expandVolumes', one({ newSizeBytes: 2 * volume.sizeBytes })],
    ['renameVolumes', one({ newName: 'other' })],
    ['adoptVolumes', one({})],
    ['ensureExports', exportIntent(bench, [volume])],
    ['ensureSnapshots', { items: [{ ref: 'a', name: 'n', source: identity, access: 'read-write' }] }],
    ['ensureFullCopies', { items: [{ ref: 'a', name: 'n', source: identity, poolNativeId: volume.poolNativeId }] }],
  ];
};

const newer = (bench: Bench, volume: ObservedVolume): readonly (readonly [string, object])[] => {
  const identity = committed(volume);
  const elsewhere = bench.pools.find(({ nativeId }) => nativeId !== volume.poolNativeId)?.nativeId;
  return [
    ['restoreVolumes', { items: [{ ref: 'a', target: identity, source: identity }] }],
    ['migrateVolumes', { items: [{ ref: 'a', volume: identity, targetPoolNativeId: elsewhere, movesWith: [] }] }],
  ];
};

describe('a volume that others look after', () => {
  it.each([
    ...marks.map((mark) => ({ ...mark, apiVersion: '4.5' as const })),
    ...older.map((mark) => ({ ...mark, apiVersion: '2.5' as const })),
  ])('($reason) is listed so on $apiVersion, and no verb touches it', async ({ reason, apiVersion, ...mark }) => {
    const volumes = [{ name: 'theirs', pool: 'pool1', sizeGb: 8, marks: mark }];
    const target = await startTarget({ apiVersion, seed: { ...defaultSeed, volumes } });
    const bench = await openBench(target);
    const [volume] = await bench.named('theirs');
    if (volume === undefined) throw new Error('the seed has it');
    expect(volume.managedElsewhere).toBe(reason);
    const before = target.simulator.dump();
    for (const [verb, input] of [...inputsOf(bench, volume), ...(apiVersion === '2.5' ? [] : newer(bench, volume))]) {
      const { output } = await bench.serve(verb, input);
      expect(output, verb).toMatchObject({ items: [{ status: 'rejected', error: { code: 'object.foreign', facts: { reason } } }] });
    }
    expect(target.simulator.dump()).toEqual(before);
    expect(target.simulator.log.changes()).toEqual([]);
    await target.simulator.close();
  });

  it('is not unmapped either', async () => {
    const volumes = [{ name: 'theirs', pool: 'pool1', sizeGb: 8, marks: { managedBy: 'OtherProduct' }, mappings: [{ sdc: 'host1' }] }];
    const target = await startTarget({ apiVersion: '4.5', seed: { ...defaultSeed, volumes } });
    const bench = await openBench(target);
    const [volume] = await bench.named('theirs');
    if (volume === undefined) throw new Error('the seed has it');
    const answer = await bench.serve('ensureExportsAbsent', { items: [exportPair(bench, volume)] });
    expect(answer.output).toMatchObject({ items: [{ status: 'rejected', error: { code: 'object.foreign' } }] });
    await target.simulator.close();
  });
});
