import { beforeEach, describe, expect, it } from 'vitest';
import type { ArrayView } from '../../../../core/doctor/arrays.ts';
import type { Finding } from '../../../../core/doctor/finding.ts';
import { resourceKey } from '../../../../core/inventory/resource.ts';
import { makeUrn, taskIdOf } from '../../../../core/urn.ts';
import { nativeNameOf } from '../../../../core/volume/native-name.ts';
import { gib } from '../../../support/block-world.ts';
import { alter, findingsOf, healthy, mark, onArray, openId, type Patient, volumeIdOf } from './healthy.ts';

let patient: Patient;
beforeEach(() => {
  patient = healthy();
});

const found = () => findingsOf(patient).filter(({ check }) => check === 'arrays');
const change = (id: string, patch: Record<string, string | boolean>) => alter(patient.rows, 'Inventory', { ...patch, ...resourceKey(id) });

const only = (findings: readonly Finding[]): string => {
  expect(findings).toHaveLength(1);
  expect(findings[0]).not.toHaveProperty('repair');
  return findings[0]?.says ?? '';
};

describe('arrays', () => {
  const seeing = (patch: Partial<ArrayView>): Finding[] => {
    patient.views = patient.views.map((view) => ({ ...view, ...patch }));
    return found();
  };

  it('have each volume, unless the answer was not complete', () => {
    expect(only(seeing({ volumes: [onArray(1)] }))).toContain('has no object v-2');
    expect(seeing({ complete: false })).toEqual([]);
  });

  it('may have another object of its name, which is told', () => {
    const says = seeing({ volumes: [onArray(1), onArray(2, { nativeId: 'other' })] }).map((finding) => finding.says);
    expect(says).toEqual([
      expect.stringContaining('an object other bears its name'),
      expect.stringContaining('whose record is another object'),
    ]);
  });

  it('have each volume under its name, in its size', () => {
    const says = seeing({ volumes: [onArray(1), onArray(2, { name: 'mine', sizeBytes: gib })] }).map((finding) => finding.says);
    expect(says).toEqual([expect.stringContaining('its name on the array is mine'), expect.stringContaining(`${gib} bytes`)]);
  });

  it('have the mappings that groups want, and no others', () => {
    const mappings = [{ initiatorType: 'sdc', initiatorId: 'sdc-7', access: 'read-write', limits: {} }] as const;
    const says = seeing({ volumes: [onArray(1, { mappings }), onArray(2)] }).map((finding) => finding.says);
    expect(says).toEqual([
      expect.stringContaining('should be mapped to sdc-1'),
      expect.stringContaining('mapped to sdc-7, which no export group wants'),
    ]);
  });

  it('have nothing else that bears our mark', () => {
    const unknown = makeUrn('Volume', '00000000-0000-4000-8000-00000000dead');
    const orphan = onArray(3, { name: nativeNameOf(mark, unknown) });
    const foreign = onArray(4, { name: nativeNameOf({ ...mark, mark: 'zzz999' }, unknown) });
    expect(only(seeing({ volumes: [onArray(1), onArray(2), orphan, foreign] }))).toContain('of which there is no record');
  });

  it('may still have what was removed, which is told; what is under way is not', () => {
    change(volumeIdOf(2), { inactive: true });
    expect(only(found())).toContain('whose record is removed');
    change(volumeIdOf(2), { activeTaskId: taskIdOf(openId, volumeIdOf(1)) });
    expect(found()).toEqual([]);
  });

  it('may keep what was released, and nothing else under its name', () => {
    change(volumeIdOf(2), { inactive: true, state: 'released' });
    expect(found()).toEqual([]);
    expect(only(seeing({ volumes: [onArray(1), onArray(2), onArray(2, { nativeId: 'copy' })] }))).toContain('whose record is removed');
  });

  it('may keep what was released before its id was learned', () => {
    const key = resourceKey(volumeIdOf(2));
    alter(patient.rows, 'Inventory', { ...key, inactive: true, state: 'released', nativeId: undefined });
    expect(found()).toEqual([]);
  });
});
