import { describe, expect, it } from 'vitest';
import { readStates } from '../../../../drivers/scaleio/object-states.ts';
import { fakeGateway, systemId } from '../../../support/fake-gateway.ts';

const id = (digit: number) => String(digit).repeat(16);

const answers: readonly (readonly [string, unknown])[] = [
  ['ProtectionDomain/instances', [{ id: id(2), name: null, protectionDomainState: 'Inactive' }]],
  ['StoragePool/instances/action', {}],
  ['StoragePool/instances', [{ id: id(3), name: 'p', protectionDomainId: id(2) }]],
  ['Sds/instances', [{ id: id(4), name: 's', protectionDomainId: id(2), ipList: [], mdmConnectionState: 'Disconnected' }]],
  ['Sdc/instances', [{ id: id(6), name: null, mdmConnectionState: 'Connected' }]],
];

describe('the states of what is on the array', () => {
  it('are told of everything that fails by itself, by name or by id', async () => {
    const { gateway, calls } = fakeGateway({
      version: '3.6',
      system: { name: 'array', mdmCluster: { clusterState: 'ClusteredDegraded' } },
      answer: (path) => answers.find(([part]) => path.includes(part))?.[1],
    });
    expect(await readStates(gateway)).toEqual([
      { type: 'array', nativeId: systemId, name: 'array', state: 'degraded' },
      { type: 'system', nativeId: id(2), name: id(2), state: 'offline' },
      { type: 'pool', nativeId: id(3), name: 'p', state: 'unknown' },
      { type: 'port', nativeId: id(4), name: 's', state: 'offline' },
      { type: 'host', nativeId: id(6), name: id(6), state: 'online' },
    ]);
    expect(calls).toHaveLength(5);
  });
});
