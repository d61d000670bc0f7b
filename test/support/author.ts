import type { Author } from '../../core/inventory/changes.ts';
import { startedAt } from './block-world.ts';

/** Who makes changes in tests that start below the API. */
export const anAuthor = (patch: Partial<Author> = {}): Author => {
  let count = 0;
  return {
    actor: 'tina',
    at: startedAt,
    ulid: () => {
      count += 1;
      return String(count).padStart(26, '0');
    },
    ...patch,
  };
};
