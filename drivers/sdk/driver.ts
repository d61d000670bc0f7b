import type * as z from 'zod';
import type { CapabilityDefinitions } from './capability-definition.ts';
import type { Capability, VerbsOf } from './capability-verbs.ts';
import type { DriverFailure } from './errors.ts';
import type { ArrayIdentity } from './model.ts';
import type { IdentityVerbs } from './verbs.ts';

export const contractVersion = 1;

/** How TLS certificates of an array are judged. There is no mode that trusts whatever answers. */
export type TlsTrust =
  | { mode: 'public' }
  | { mode: 'ca'; pem: string }
  /** SHA-256 fingerprints of the server's certificate, upper-case hex with colons: one for each gateway, two during a roll-over. */
  | { mode: 'pinned'; sha256: readonly string[] }
  /** Plain HTTP, only where the driver's declaration says it may. */
  | { mode: 'none' };

export interface Endpoint {
  host: string;
  port: number;
}

export interface ArrayConnection {
  /** Gateways of one array; the first that answers is used. */
  endpoints: readonly Endpoint[];
  tls: TlsTrust;
}

export interface Credentials {
  username: string;
  password: string;
}

/** What a driver is opened with, for the length of one request. */
export interface DriverContext<Options> {
  connection: ArrayConnection;
  credentials: Credentials;
  /** The pinned array; undefined only while a connection is checked for the first time. */
  arrayId: string | undefined;
  /** The driver's own property bag, validated. */
  options: Options;
  correlationId: string;
  /** Epoch milliseconds after which no call to the array may be under way. */
  deadline: number;
  now: () => number;
  /** Networks the driver may connect to, in CIDR notation. */
  allowedCidrs: readonly string[];
  /** Called once for each request sent to the array. */
  onGatewayCall: (kind: 'login' | 'read' | 'change') => void;
}

/** Facts about a driver that the control plane needs without loading it. */
export interface DriverDeclaration<C extends readonly Capability[] = readonly Capability[], Options extends z.ZodType = z.ZodType> {
  /** Folder name below `drivers/` and name of its function. */
  type: string;
  displayName: string;
  /** `interface_type` of a storage provider that this driver serves. */
  interfaceType: string;
  /** `system_type` of the storage systems it finds. */
  systemType: string;
  /** By which its volumes reach hosts, in the words of the API: ScaleIO, FC, iSCSI, … */
  protocols: readonly string[];
  capabilities: C;
  /** Since which version the array has a capability, and the shape of its limits, where they are not the usual ones. */
  capabilityDefinitions?: CapabilityDefinitions;
  /** The property bag of a provider: a strict object whose properties have a title, a description and, where they can, a default. */
  options: Options;
  defaultPort: number;
  /** Whether `tls.mode` may be `none`. */
  plainHttpAllowed?: boolean;
  /** Longest name the array takes. */
  maxNameLength: number;
  /** First characters of every name given on the array. */
  namePrefix: string;
  /** How late a request that was sent may still take effect; the undo waits this long before its second look. */
  graceSeconds: number;
  /** Driver calls at once for one array. */
  maxConcurrentOperations: number;
  /**
   * How the simulator is started, for development and demonstration: arguments of `node`, to which `--data DIR` is added, where it keeps
   * its array. It prints lines of a word and a value: `USER`, `PASSWORD`, `FINGERPRINT` and `CONTROL` (a port) as it has them, and last
   * `READY` with the port of its gateway.
   */
  simulator?: { command: readonly string[] };
}

/** What a driver with these capabilities must implement. */
export type SessionOf<C extends readonly Capability[]> = IdentityVerbs & VerbsOf<C[number]>;

export const declareDriver = <const C extends readonly Capability[], Options extends z.ZodType>(
  declaration: DriverDeclaration<C, Options>,
): DriverDeclaration<C, Options> => declaration;

/** A driver ready to be served: its declaration and the way to open it. Erased, so that drivers of all kinds fit one list. */
export interface Driver {
  declaration: DriverDeclaration;
  open(context: DriverContext<unknown>): Promise<IdentityVerbs & Partial<VerbsOf<Capability>>>;
  /** Read-only, before anything is trusted: who answers there, and whether these credentials are good. Never logs them. */
  checkConnection(context: DriverContext<unknown>): Promise<ArrayIdentity>;
}

/** Ties the declared capabilities to their verbs: a declared capability without its verbs does not compile. */
export const implementDriver = <C extends readonly Capability[], Options extends z.ZodType>(
  declaration: DriverDeclaration<C, Options>,
  implementation: {
    open(context: DriverContext<z.infer<Options>>): Promise<SessionOf<C>>;
    checkConnection(context: DriverContext<z.infer<Options>>): Promise<ArrayIdentity>;
  },
): Driver => {
  const typed = (context: DriverContext<unknown>): DriverContext<z.infer<Options>> => ({
    ...context,
    options: declaration.options.parse(context.options),
  });
  return {
    declaration,
    open: (context) => implementation.open(typed(context)),
    checkConnection: (context) => implementation.checkConnection(typed(context)),
  };
};

/** One JSON request per verb. Unknown fields are ignored on both sides. */
export interface DriverRequest {
  contractVersion: number;
  verb: string;
  arrayId?: string;
  correlationId: string;
  /** Epoch milliseconds. */
  deadline: number;
  connection: ArrayConnection;
  options: unknown;
  /** Name of the secret with the credentials. */
  secretId?: string;
  /** Only with `checkConnection`; never logged. */
  credentials?: Credentials;
  input: unknown;
}

export interface GatewayCalls {
  login: number;
  read: number;
  change: number;
}

/** A verb that throws answers `error`; a function that dies answers nothing, which is `DriverUncertain`. */
export type DriverAnswer = { gatewayCalls: GatewayCalls } & ({ output: unknown; error?: never } | { error: DriverFailure; output?: never });
