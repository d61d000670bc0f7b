import { ControlPlaneError, type ErrorCode } from '../errors.ts';

const attempts = 3;

const mayBePlannedAgain: readonly ErrorCode[] = ['resource.changed', 'service.busy'];

/**
 * Plans and accepts anew when what was planned on has moved meanwhile (a pool's bound, a resource's version) or is wanted by too many at
 * once. `attempt` is told how many were made before. The last failure is the caller's.
 */
export const replanning = async <T>(attempt: (before: number) => Promise<T>): Promise<T> => {
  for (let n = 0; ; n += 1) {
    try {
      return await attempt(n);
    } catch (error) {
      const again = error instanceof ControlPlaneError && !error.final && mayBePlannedAgain.includes(error.code);
      if (!again || n + 1 === attempts) throw error;
    }
  }
};
