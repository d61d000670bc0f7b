import type { EventObjectType } from '../sdk/model/event.ts';
import type { ObjectState } from '../sdk/model.ts';
import { isClusterNormal } from './array-identity.ts';
import type { Gateway } from './gateway.ts';
import { hostStateOf } from './host-mapping.ts';
import { domainState, poolStateOf } from './mapping.ts';
import { readDomains, readHosts, readPools, readSdss, readSdts } from './physical.ts';
import { poolStatistics } from './pool-statistics.ts';
import { sdsStateOf, sdtStateOf } from './port-mapping.ts';

export interface StateNow {
  type: EventObjectType;
  nativeId: string;
  name: string;
  state: ObjectState;
}

interface Named {
  id: string;
  name?: string | null | undefined;
}

const states =
  <T extends Named>(type: EventObjectType, stateOf: (object: T) => ObjectState) =>
  (object: T): StateNow => ({ type, nativeId: object.id, name: object.name ?? object.id, state: stateOf(object) });

const poolStates = async (gateway: Gateway): Promise<readonly StateNow[]> => {
  const [pools, statistics] = [await readPools(gateway), await poolStatistics(gateway)];
  return pools.map(
    states('pool', ({ id }) => {
      const figures = statistics.get(id);
      return figures === undefined ? 'unknown' : poolStateOf(figures);
    }),
  );
};

/** The array as a whole, its domains, pools, servers and hosts; the same calls whatever it holds. */
export const readStates = async (gateway: Gateway): Promise<readonly StateNow[]> => {
  const { system } = gateway;
  return [
    states('array', () => (isClusterNormal(system) ? 'online' : 'degraded'))(system),
    ...(await readDomains(gateway)).map(
      states('system', ({ protectionDomainState }: { protectionDomainState?: string | null | undefined } & Named) =>
        domainState(protectionDomainState),
      ),
    ),
    ...(await poolStates(gateway)),
    ...(await readSdss(gateway)).map(states('port', sdsStateOf)),
    ...(await readSdts(gateway)).map(states('port', sdtStateOf)),
    ...(await readHosts(gateway)).map(states('host', hostStateOf)),
  ];
};
