import { describe, expect, it } from 'vitest';
import { ensureVolumes } from '../../../../drivers/scaleio/create.ts';
import { requireProvisioning } from '../../../../drivers/scaleio/pools.ts';
import { DriverError } from '../../../../drivers/sdk/errors.ts';
import { fakeGateway } from '../../../support/fake-gateway.ts';

const poolId = '00000000000000f1';
const poolOf = (dataLayout: string | null) => ({ id: poolId, protectionDomainId: '00000000000000d1', dataLayout });

const gatewayWith = (dataLayout: string | null, version = '3.6') => fakeGateway({ version, answer: () => poolOf(dataLayout) });

describe('a thick volume', () => {
  it('is refused in a pool of fine granularity, which holds thin ones', async () => {
    const { gateway } = gatewayWith('FineGranularity');
    await expect(requireProvisioning(gateway, poolId, 'thick')).rejects.toMatchObject({ name: 'DriverRejected', code: 'request.invalid' });
    await expect(requireProvisioning(gateway, poolId, 'thin')).resolves.toBeUndefined();
  });

  it('is let into any other pool, which is read once in a session', async () => {
    const { gateway, calls } = gatewayWith('MediumGranularity');
    await requireProvisioning(gateway, poolId, 'thick');
    await requireProvisioning(gateway, poolId, 'thick');
    expect(calls).toHaveLength(1);
  });

  it('costs no look before there were such pools, nor does a thin one ever', async () => {
    const [old, now] = [gatewayWith(null, '2.5'), gatewayWith(null)];
    await requireProvisioning(old.gateway, poolId, 'thick');
    await requireProvisioning(now.gateway, poolId, 'thin');
    expect([...old.calls, ...now.calls]).toEqual([]);
  });

  it('is not made in such a pool', async () => {
    const { gateway, calls } = fakeGateway({
      answer: (path) => {
        if (path.endsWith('queryIdByKey'))
          throw new DriverError('none', { outcome: 'DriverRejected', code: 'object.missing', nativeCode: '79' });
        return poolOf('FineGranularity');
      },
    });
    const intent = {
      ref: 'a',
      name: 'a',
      systemNativeId: 'd',
      poolNativeId: poolId,
      sizeBytes: 8 * 1024 ** 3,
      provisioningType: 'thick',
    } as const;
    const run = { gateway, limits: { atOnce: 1, startUntil: 1, now: () => 0 } };
    expect(await ensureVolumes(run, { items: [intent] })).toMatchObject({
      items: [{ status: 'rejected', error: { code: 'request.invalid' } }],
    });
    expect(calls).toHaveLength(2);
  });
});
