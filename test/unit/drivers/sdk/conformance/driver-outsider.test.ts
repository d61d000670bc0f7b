import { beforeEach, describe, expect, it } from 'vitest';
import { outsiderThrough } from '../../../../../drivers/sdk/conformance/driver-outsider.ts';
import { conformanceCases, runConformanceCase } from '../../../../../drivers/sdk/conformance/suite.ts';
import { type ConformanceTarget, NotOffered } from '../../../../../drivers/sdk/conformance/target.ts';
import { paper } from '../../../../support/paper/driver.ts';
import { paperTarget } from '../../../../support/paper/target.ts';

const foreign = {
  name: 'foreign',
  systemNativeId: 's1',
  poolNativeId: 'p1',
  sizeBytes: 8 * 1024 ** 3,
  provisioningType: 'thin' as const,
};

describe('somebody else, who uses the array through the same driver', () => {
  let target: ReturnType<typeof paperTarget>;
  beforeEach(() => {
    target = paperTarget();
  });
  const volumes = () => [...target.array.volumes.values()];

  it('makes, renames, maps, unmaps, takes a snapshot, and removes both', async () => {
    const outsider = outsiderThrough(target);
    const id = await outsider.createVolume(foreign);
    await outsider.renameVolume(id, 'renamed');
    await outsider.map(id, 'iqn.h2');
    expect(volumes()).toMatchObject([{ nativeId: id, name: 'renamed', mappings: [{ initiatorId: 'iqn.h2' }] }]);
    await outsider.unmap(id, 'iqn.h2');
    const snapshot = await outsider.snapshot(id, 'taken');
    expect(volumes()).toMatchObject([{ mappings: [] }, { nativeId: snapshot, name: 'taken', ancestorNativeId: id }]);
    await outsider.removeVolume(snapshot);
    await outsider.removeVolume(id);
    expect(volumes()).toEqual([]);
  });

  it('can do no more than the driver declares, and says so', async () => {
    const declaration = { ...paper, capabilities: ['discovery', 'volume'] as const };
    const outsider = outsiderThrough({ ...target, declaration });
    const id = await outsider.createVolume(foreign);
    await expect(outsider.renameVolume(id, 'renamed')).rejects.toThrow(NotOffered);
    await expect(outsider.map(id, 'iqn.h1')).rejects.toThrow('nobody else has the means: export is not declared');
    await expect(outsider.unmap(id, 'iqn.h1')).rejects.toThrow(NotOffered);
    await expect(outsider.snapshot(id, 'taken')).rejects.toThrow(NotOffered);
  });

  it('fails when the array refuses, or has no such thing', async () => {
    const outsider = outsiderThrough(target);
    const id = await outsider.createVolume(foreign);
    await expect(outsider.createVolume({ ...foreign, sizeBytes: 16 * 1024 ** 3 })).rejects.toThrow('somebody else was refused');
    await expect(outsider.removeVolume('nothing')).rejects.toThrow('there is no volume nothing');
    await expect(outsider.map(id, 'nobody')).rejects.toThrow('there is no initiator nobody');
  });
});

describe('a case that a hook of the target cannot serve', () => {
  it('counts as not tried, with the reason, and leaves nothing behind', async () => {
    const target = paperTarget();
    const [lost] = conformanceCases(paper).filter(({ name }) => name.startsWith('makes exactly one volume when the answer is lost before'));
    if (lost === undefined || target.faults === undefined) throw new Error('there is no such case');
    const faults = {
      ...target.faults,
      loseAnswer: async () => {
        throw new NotOffered('this array cannot lose anything');
      },
    };
    const unable: ConformanceTarget = { ...target, faults };
    expect(await runConformanceCase(unable, lost)).toEqual({ status: 'notApplicable', needs: ['this array cannot lose anything'] });
    expect(target.array.volumes.size).toBe(0);
  });
});
