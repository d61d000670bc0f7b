import { ControlPlaneError } from '../errors.ts';
import type { StorageProvider } from '../inventory/schemas.ts';

/** New work is refused while a provider drains or is frozen. */
export const requireUnbraked = (providers: readonly Pick<StorageProvider, 'name' | 'operations' | 'brakeReason'>[]): void => {
  const braked = providers.find(({ operations }) => operations !== 'normal');
  if (!braked) return;
  const why = braked.brakeReason ? ` (${braked.brakeReason})` : '';
  throw new ControlPlaneError(
    `the storage provider ${braked.name} is set to ${braked.operations}${why}; changes are accepted again when an administrator sets it to normal`,
    { code: 'service.busy' },
  );
};
