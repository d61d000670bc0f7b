import { defineFamily } from './family.ts';
import type { Json } from './json.ts';
import { linksOf } from './links.ts';
import type { ArrayState, Device } from './model.ts';
import { unitStatistics } from './unit-statistics.ts';
import { atLeast } from './versions.ts';

const since3 = (media: string): Json => ({
  mediaType: media,
  deviceType: 'Unknown',
  spSdsId: null,
  accelerationPoolId: null,
  aggregatedState: 'NeverFailed',
  temperatureState: 'NeverFailed',
  ssdEndOfLifeState: 'NeverFailed',
  ledSetting: 'Off',
  modelName: null,
  vendorName: null,
  serialNumber: null,
  rfcacheProps: null,
  accelerationProps: null,
});

export function deviceView(array: ArrayState, device: Device): Json {
  const media = array.pools.get(device.poolId)?.mediaType ?? 'HDD';
  return {
    id: device.id,
    name: device.name,
    sdsId: device.sdsId,
    storagePoolId: device.poolId,
    deviceCurrentPathName: device.path,
    deviceOriginalPathName: device.path,
    deviceState: 'Normal',
    errorState: device.failed ? 'Error' : 'None',
    maxCapacityInKb: device.capacityInKb,
    capacityLimitInKb: device.capacityInKb,
    ...(atLeast(array.version, '3.0') ? since3(media) : {}),
    links: linksOf('Device', device.id, {
      relationships: ['Statistics'],
      parents: { sdsId: `Sds::${device.sdsId}`, storagePoolId: `StoragePool::${device.poolId}` },
    }),
  };
}

export const devices = defineFamily<Device>({
  type: 'Device',
  missing: 'NOT_FOUND',
  items: (array) => [...array.devices.values()],
  find: (array, id) => array.devices.get(id),
  view: deviceView,
  statistics: (array, device) => unitStatistics(array, [device]),
});
