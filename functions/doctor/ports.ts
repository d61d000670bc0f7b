import type { Row, TableName } from '../../core/change.ts';
import type { Clock, Drivers, Ids, Rows, Workflows } from '../../core/ports.ts';
import type { DriverDeclaration } from '../../drivers/sdk/driver.ts';

export interface DoctorPorts {
  readonly rows: Rows;
  readonly wholeTable: (table: TableName) => Promise<readonly Row[]>;
  readonly workflows: Pick<Workflows, 'state'>;
  readonly drivers: Drivers;
  readonly declarationOf: (driverType: string) => Pick<DriverDeclaration, 'namePrefix'> | undefined;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'ulid' | 'uuid'>;
}
