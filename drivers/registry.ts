import { scaleio } from './scaleio/index.ts';
import type { DriverDeclaration } from './sdk/driver.ts';

/** Declarations only: what is listed here is bundled into functions that never talk to an array. */
export const drivers: readonly DriverDeclaration[] = [scaleio];

/** By folder name, such as `scaleio`. */
export const driverOf = (type: string): DriverDeclaration | undefined => drivers.find((driver) => driver.type === type);

/** By a storage provider's `interface_type`. */
export const driverForInterface = (interfaceType: string): DriverDeclaration | undefined =>
  drivers.find((driver) => driver.interfaceType === interfaceType);
