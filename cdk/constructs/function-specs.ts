import { timeouts } from '../../statemachines/dsl/timeouts.ts';
import type { TableName } from './table-specs.ts';

/** What a function may do with a table; the actions stand in `table-grants.ts`. */
export type TableAccess = 'read' | 'readWrite' | 'bootstrap' | 'append' | 'touchToken' | 'countLogins';

/** What a function is given, beside tables. Each is a grant and, where an address is needed, an environment variable. */
export type Use =
  | 'readRootSecret'
  | 'writeArraySecrets'
  | 'readArraySecrets'
  | 'invokeDrivers'
  | 'startMachines'
  | 'describeExecutions'
  | 'redriveExecutions'
  | 'exchangeJobs'
  | 'reachArrays';

export interface FunctionSpec {
  /** Name of the bundle below `dist/`. */
  readonly name: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly tables: Readonly<Partial<Record<TableName, readonly TableAccess[]>>>;
  readonly uses: readonly Use[];
  /** Only of a driver's function. */
  readonly driverType?: string;
}

const allData = { Inventory: ['readWrite'], Tasks: ['readWrite'], Coordination: ['readWrite'], History: ['readWrite'] } as const;
const callers = { Identity: ['read', 'touchToken'] } as const;

export const functionSpecs = {
  auth: {
    name: 'auth',
    memoryMegabytes: 512,
    timeoutSeconds: 10,
    tables: { Identity: ['readWrite'], Inventory: ['bootstrap'], History: ['append'], Coordination: ['countLogins'] },
    uses: ['readRootSecret'],
  },
  providers: {
    name: 'providers',
    memoryMegabytes: 512,
    timeoutSeconds: 25,
    tables: { ...allData, ...callers },
    uses: ['writeArraySecrets', 'invokeDrivers', 'startMachines', 'describeExecutions', 'reachArrays'],
  },
  api: {
    name: 'api',
    memoryMegabytes: 512,
    timeoutSeconds: 25,
    tables: { ...allData, ...callers },
    uses: ['startMachines', 'describeExecutions', 'redriveExecutions'],
  },
  control: {
    name: 'control',
    memoryMegabytes: 512,
    timeoutSeconds: timeouts.controlFunctionSeconds,
    tables: allData,
    uses: ['invokeDrivers'],
  },
  events: {
    name: 'events',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    tables: allData,
    uses: ['startMachines', 'describeExecutions', 'exchangeJobs'],
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof functionSpecs;

/** A driver sees its own secrets and the network, nothing else. */
export const driverSpec = (type: string): FunctionSpec => ({
  name: `driver-${type}`,
  memoryMegabytes: 512,
  timeoutSeconds: timeouts.driverFunctionSeconds,
  tables: {},
  uses: ['readArraySecrets', 'reachArrays'],
  driverType: type,
});
