import { describe, expect, it } from 'vitest';
import { makeUrn } from '../../../../core/urn.ts';
import { nativeNameOf } from '../../../../core/volume/native-name.ts';
import {
  storedCreatePlan,
  storedDeletePlan,
  type VolumeCreatePlan,
  volumeCreatePlan,
  volumeDeletePlan,
} from '../../../../core/volume/plan.ts';
import { gib, poolIdOf, providerId, startedAt } from '../../../support/block-world.ts';

const volumeId = makeUrn('Volume', '00000000-0000-4000-8000-00000000abcd');

const aPlan: VolumeCreatePlan = {
  acceptedAt: startedAt,
  provisioning: 'thin',
  pools: [{ id: poolIdOf(1), providerId, arrayId: 'array-1', systemNativeId: 'pd-1', nativeId: 'sp-1' }],
  volumes: [{ id: volumeId, nativeName: nativeNameOf({ prefix: 'p', mark: 'abc123' }, volumeId), pool: 0, bytes: 8 * gib }],
};

describe('the plan of new volumes', () => {
  it('is stored without what can be told from the rest, and read as it was', () => {
    const stored = storedCreatePlan(aPlan);
    expect(JSON.stringify(stored)).not.toContain('urn:');
    expect(volumeCreatePlan.parse(JSON.parse(JSON.stringify(stored)))).toEqual(aPlan);
  });

  it('is never stored with a pool that could not be found again', () => {
    const pools = aPlan.pools.map((pool) => ({ ...pool, id: 'pool-1' }));
    expect(() => storedCreatePlan({ ...aPlan, pools })).toThrow('pool-1 is no id');
  });
});

describe('the plan of volumes that go', () => {
  const volume = {
    ...{ id: volumeId, providerId, arrayId: 'array-1', nativeId: 'n1', nativeName: 'p', nativeCreatedAt: startedAt },
    ...{ bytes: 8 * gib, poolNativeId: 'sp-1' },
  };

  it.each([{ volumes: [volume] }, { volumes: [volume], leavesArray: true as const }])('is read as it was stored', (plan) => {
    expect(volumeDeletePlan.parse(JSON.parse(JSON.stringify(storedDeletePlan(plan))))).toEqual(plan);
  });

  it('that leaves the array alone is none to a release that knows deletions only', () => {
    expect(storedDeletePlan({ volumes: [volume], leavesArray: true })).not.toHaveProperty('volumes');
  });
});
