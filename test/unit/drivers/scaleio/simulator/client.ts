import { type Simulator, type SimulatorOptions, startSimulator } from '../../../../../drivers/scaleio/simulator/start.ts';

export interface Reply<T = unknown> {
  status: number;
  body: T;
}

export interface VolumeOnWire {
  id: string;
  name: string | null;
  sizeInKb: number;
  storagePoolId: string;
  vtreeId: string;
  volumeType: string;
  ancestorVolumeId: string | null;
  consistencyGroupId: string | null;
  mappedSdcInfo: { sdcId: string; accessMode?: string; limitIops: number; limitBwInMbps: number }[] | null;
  links: { rel: string; href: string }[];
}

export const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

interface Call {
  url: string;
  method?: string;
  authorization?: string;
  body?: unknown;
}

export async function call<T = unknown>({ url, method = 'GET', authorization, body }: Call): Promise<Reply<T>> {
  const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** The token as the Basic password, without a user, as some clients send it. */
export async function login(simulator: Simulator): Promise<string> {
  const { body } = await call<string>({ url: `${simulator.url}/api/login`, authorization: basic('admin', 'Secret123!') });
  return basic('', body);
}

export interface GatewayClient {
  simulator: Simulator;
  get<T = unknown>(path: string): Promise<Reply<T>>;
  post<T = unknown>(path: string, body?: unknown): Promise<Reply<T>>;
  /** `object` is `Type::id`, or `System`. */
  act<T = unknown>(object: string, verb: string, body?: unknown): Promise<Reply<T>>;
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<Reply<T>>;
  /** A thin volume of 8 GiB in pool1, unless the fields say otherwise; its id. */
  createVolume(fields?: Record<string, unknown>): Promise<string>;
  /** Snapshots of the volumes, in their order. */
  snapshot(...volumeIds: string[]): Promise<string[]>;
  volume(id: string): Promise<VolumeOnWire>;
  /** Moves the clock on, and logs in again, since sessions age with it. */
  advance(seconds: number): Promise<void>;
  poolId(name?: string): string;
  sdcIds(): [string, string, string];
}

const objectsOf = (simulator: Simulator): Pick<GatewayClient, 'poolId' | 'sdcIds'> => ({
  poolId: (name = 'pool1') => [...simulator.state.pools.values()].find((pool) => pool.name === name)?.id ?? '',
  sdcIds() {
    const [first = '', second = '', third = ''] = simulator.state.sdcs.keys();
    return [first, second, third];
  },
});

function requireSuccess<T>({ status, body }: Reply<T>): T {
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`);
  return body;
}

/** A simulator over plain HTTP, with a session. */
export async function open(options: SimulatorOptions = {}): Promise<GatewayClient> {
  const simulator = await startSimulator({ plainHttp: true, ...options });
  let authorization = await login(simulator);
  const client: GatewayClient = {
    simulator,
    ...objectsOf(simulator),
    get: (path) => call({ url: simulator.url + path, authorization }),
    post: (path, body = {}) => call({ url: simulator.url + path, method: 'POST', authorization, body }),
    act: (object, verb, body = {}) => client.post(`/api/instances/${object}/action/${verb}`, body),
    control: (method, path, body) => call({ url: simulator.controlUrl + path, method, body }),
    async createVolume(fields = {}) {
      const wanted = { storagePoolId: client.poolId(), volumeSizeInKb: '8388608', volumeType: 'ThinProvisioned', ...fields };
      return requireSuccess(await client.post<{ id: string }>('/api/types/Volume/instances', wanted)).id;
    },
    async snapshot(...volumeIds) {
      const body = { snapshotDefs: volumeIds.map((volumeId) => ({ volumeId })) };
      return requireSuccess(await client.act<{ volumeIdList: string[] }>('System', 'snapshotVolumes', body)).volumeIdList;
    },
    async advance(seconds) {
      simulator.advanceClock(seconds);
      authorization = await login(simulator);
    },
    volume: async (id) => requireSuccess(await client.get<VolumeOnWire>(`/api/instances/Volume::${id}`)),
  };
  return client;
}

/** What a refusal looks like on the wire. */
export const refusal = (errorCode: number, message?: string) => ({
  status: 500,
  body: { httpStatusCode: 500, errorCode, ...(message === undefined ? {} : { message }) },
});

export const gib = (count: number) => count * 1024 * 1024;
