import { once } from 'node:events';
import type { Server } from 'node:http';
import { CallLog } from './call-log.ts';
import { type Certificate, fingerprint256, makeCertificate } from './certificate.ts';
import { createClock } from './clock.ts';
import { createControlServer } from './control.ts';
import { openDataFolder, type SavedArray } from './data.ts';
import { defaultSeed } from './default-seed.ts';
import { dump } from './dump.ts';
import type { Simulation } from './exchange.ts';
import { type FaultRuleInput, Faults, faultRule } from './faults.ts';
import { createGatewayServer } from './gateway-server.ts';
import { loadSeed, restoredArray } from './load-seed.ts';
import type { ArrayState } from './model.ts';
import { parseSeed, type SeedInput } from './seed-schema.ts';
import { Sessions } from './sessions.ts';
import { putUser } from './users.ts';
import type { ApiVersion } from './versions.ts';

export interface SimulatorOptions {
  apiVersion?: ApiVersion;
  user?: string;
  password?: string;
  /** Of that user. Default: the role that may configure storage and no more. */
  role?: string;
  /** What is on the array; default: `defaultSeed`. */
  seed?: SeedInput;
  /** Id of the array, 16 lower-case hex digits; default: that of the seed. */
  systemId?: string;
  /** 0 = a free one. */
  port?: number;
  controlPort?: number;
  plainHttp?: boolean;
  /** Default: the one kept in `dataDir`, else a self-signed one, made now. */
  certificate?: Certificate;
  /** Keeps the array and its certificate there; what is there already goes before `seed`, `systemId` and `apiVersion`. Default: in memory alone. */
  dataDir?: string;
  /** Epoch milliseconds; default: the machine's clock. The simulator's clock runs ahead of it by what it was advanced. */
  wallMs?: () => number;
}

export interface Simulator {
  /** `https://127.0.0.1:<port>`, or `http://` when plain. */
  url: string;
  port: number;
  controlUrl: string;
  controlPort: number;
  /** Upper-case SHA-256 with colons; empty when plain. */
  fingerprint256: string;
  /** Empty when plain. */
  certificatePem: string;
  /** The array itself, alive. */
  state: ArrayState;
  log: CallLog;
  sessions: Sessions;
  /** As `GET /state`: equal states give equal values. */
  dump(): unknown;
  /** As `POST /faults`. */
  addFault(rule: FaultRuleInput): void;
  clearFaults(): void;
  advanceClock(seconds: number): void;
  close(): Promise<void>;
}

/** A port that was asked for cannot be had. */
export class PortError extends Error {
  override readonly name = 'PortError';
}

const portProblems: Readonly<Record<string, string>> = { EADDRINUSE: 'is in use', EACCES: 'may not be opened by this user' };

async function listen(server: Server, port: number, option: string): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    const problem = portProblems[cause.code ?? ''] ?? `cannot be opened (${cause.code})`;
    throw new PortError(`port ${port} ${problem}; choose another with ${option}`, { cause });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return address.port;
}

const shut = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function arrayOf(options: SimulatorOptions, saved: SavedArray | undefined): ArrayState {
  const { apiVersion = '3.6', seed = defaultSeed, systemId, user = 'admin', password = 'Secret123!', role, wallMs } = options;
  const clock = createClock(wallMs, saved?.aheadMs);
  const array =
    saved === undefined
      ? loadSeed({ ...parseSeed(seed), ...(systemId === undefined ? {} : { systemId }) }, apiVersion, clock)
      : restoredArray(saved.array, clock);
  putUser(array, { name: user, password, role });
  return array;
}

const simulationOf = (array: ArrayState, keep: () => void): Simulation => ({
  gateway: { array, sessions: new Sessions(array.clock) },
  faults: new Faults(),
  log: new CallLog(),
  keep,
});

/** The array and its certificate, as they were kept or new; kept from now on. */
async function open(options: SimulatorOptions) {
  const folder = options.dataDir === undefined ? undefined : openDataFolder(options.dataDir);
  const saved = folder?.load();
  const array = arrayOf(options, saved);
  const certificate = options.certificate ?? saved?.certificate ?? (options.plainHttp ? undefined : await makeCertificate());
  folder?.begin(array, certificate);
  const simulation = simulationOf(array, () => folder?.keep());
  return { simulation, certificate: options.plainHttp ? undefined : certificate, release: () => folder?.close() };
}

const handlesOf = ({ gateway, faults, log }: Simulation) => ({
  state: gateway.array,
  log,
  sessions: gateway.sessions,
  dump: () => dump(gateway.array),
  addFault: (rule: FaultRuleInput) => faults.add(faultRule.parse(rule)),
  clearFaults: () => faults.clear(),
  advanceClock: (seconds: number) => gateway.array.clock.advance(seconds),
});

/** Starts a gateway on the loopback, with its control interface beside it. Throws `SeedError`, `DataError` or `PortError`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { simulation, certificate, release } = await open(options);
  const closing = new AbortController();
  const server = createGatewayServer({ simulation, closing: closing.signal }, certificate);
  const control = createControlServer(simulation);
  const port = await listen(server, options.port ?? 0, '--port');
  const controlPort = await listen(control, options.controlPort ?? 0, '--control-port');
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    controlUrl: `http://127.0.0.1:${controlPort}`,
    controlPort,
    fingerprint256: certificate === undefined ? '' : fingerprint256(certificate.certificatePem),
    certificatePem: certificate?.certificatePem ?? '',
    ...handlesOf(simulation),
    async close() {
      closing.abort();
      await Promise.all([shut(server), shut(control)]);
      release();
    },
  };
}
