import { once } from 'node:events';
import type { Server } from 'node:http';
import { CallLog } from './call-log.ts';
import { type Certificate, fingerprint256, makeCertificate } from './certificate.ts';
import { createClock } from './clock.ts';
import { createControlServer } from './control.ts';
import { defaultSeed } from './default-seed.ts';
import { dump } from './dump.ts';
import type { Simulation } from './exchange.ts';
import { type FaultRuleInput, Faults, faultRule } from './faults.ts';
import { createGatewayServer } from './gateway-server.ts';
import { loadSeed } from './load-seed.ts';
import type { ArrayState } from './model.ts';
import { parseSeed, type SeedInput } from './seed-schema.ts';
import { Sessions } from './sessions.ts';
import type { ApiVersion } from './versions.ts';

export interface SimulatorOptions {
  apiVersion?: ApiVersion;
  user?: string;
  password?: string;
  /** What is on the array; default: `defaultSeed`. */
  seed?: SeedInput;
  /** 0 = a free one. */
  port?: number;
  controlPort?: number;
  plainHttp?: boolean;
  /** Default: a self-signed one, made now. */
  certificate?: Certificate;
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

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no TCP port');
  return address.port;
}

const shut = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function simulationOf(options: SimulatorOptions): Simulation {
  const { apiVersion = '3.6', user = 'admin', password = 'Secret123!', seed = defaultSeed } = options;
  const clock = createClock(options.wallMs);
  const array = loadSeed(parseSeed(seed), apiVersion, clock);
  const gateway = { array, sessions: new Sessions(clock), credentials: { user, password } };
  return { gateway, faults: new Faults(), log: new CallLog() };
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

/** Starts a gateway on the loopback, with its control interface beside it. Throws `SeedError`, or what listening throws. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulation = simulationOf(options);
  const certificate = options.plainHttp ? undefined : (options.certificate ?? (await makeCertificate()));
  const closing = new AbortController();
  const server = createGatewayServer({ simulation, closing: closing.signal }, certificate);
  const control = createControlServer(simulation);
  const port = await listen(server, options.port ?? 0);
  const controlPort = await listen(control, options.controlPort ?? 0);
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
    },
  };
}
