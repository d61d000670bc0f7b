import { ControlPlaneError } from '../errors.ts';

const attempts = 3;

/**
 * Plans and accepts anew when what was planned on has moved meanwhile: a pool's bound, a resource's version. The last failure is the
 * caller's.
 */
export const replanning = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      const moved = error instanceof ControlPlaneError && error.code === 'resource.changed';
      if (!moved || n === attempts) throw error;
    }
  }
};
