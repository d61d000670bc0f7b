import type { ArrayView } from '../../core/doctor/arrays.ts';
import type { StorageProvider } from '../../core/inventory/schemas.ts';
import { driverRequest } from '../../core/provider/driver-request.ts';
import type { DriverAnswer } from '../../drivers/sdk/driver.ts';
import type { ObservedVolume } from '../../drivers/sdk/model.ts';
import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import type { DoctorPorts } from './ports.ts';

const pageLimit = 1000;
/** The driver function's own time is over long before; its clock may be another one. */
const patienceMs = 86_400_000;

/** An array that could not be asked, and why. */
export interface Unasked {
  readonly provider: string;
  readonly reason: string;
}

const page = async (ports: DoctorPorts, provider: StorageProvider, cursor: string | undefined): Promise<DriverAnswer> =>
  ports.drivers.call(
    provider.driverType,
    driverRequest(provider, {
      verb: 'readInventory',
      input: { scope: 'volumes', limit: pageLimit, ...(cursor === undefined ? {} : { cursor }) },
      correlationId: ports.ids.uuid(),
      deadline: ports.clock.now() + patienceMs,
    }),
  );

const view = async (ports: DoctorPorts, provider: StorageProvider, mark: string): Promise<ArrayView | Unasked> => {
  const declaration = ports.declarationOf(provider.driverType);
  if (!declaration) return { provider: provider.name, reason: `this release has no driver ${provider.driverType}` };
  const volumes: ObservedVolume[] = [];
  let cursor: string | undefined;
  for (;;) {
    const answer = await page(ports, provider, cursor);
    if (answer.error) return { provider: provider.name, reason: answer.error.message };
    const { volumes: found, nextCursor, complete } = answer.output as InventoryPage;
    volumes.push(...found);
    if (nextCursor === undefined) return { provider, mark: { prefix: declaration.namePrefix, mark }, volumes, complete };
    cursor = nextCursor;
  }
};

/** Reads what each array has, one array after the other. */
export const askArrays = async (
  ports: DoctorPorts,
  providers: readonly StorageProvider[],
  mark: string,
): Promise<{ readonly views: ArrayView[]; readonly unasked: Unasked[] }> => {
  const views: ArrayView[] = [];
  const unasked: Unasked[] = [];
  for (const provider of providers) {
    const answer = await view(ports, provider, mark);
    if ('reason' in answer) unasked.push(answer);
    else views.push(answer);
  }
  return { views, unasked };
};
