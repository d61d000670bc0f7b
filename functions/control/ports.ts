import type { Clock, Drivers, Ids, Log, Rows, Sleeper } from '../../core/ports.ts';
import type { DriverDeclaration } from '../../drivers/sdk/driver.ts';

export interface ControlPorts extends Sleeper {
  readonly rows: Rows;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly drivers: Drivers;
  /** What is known of a driver without loading it. */
  readonly declarationOf: (driverType: string) => DriverDeclaration;
  /** Counts one, for the alarms. */
  readonly count: (name: 'NeedsRepair' | 'AgeingStopped' | 'ArrayIdentityChanged') => void;
  /** Names the tables that the store consists of. */
  readonly storeName: string;
  /** Epoch milliseconds at which this invocation is ended. */
  readonly deadline: () => number;
}
