import { randomBytes, randomUUID } from 'node:crypto';
import { crockford, ulidFloor } from '../../core/history/ulid-time.ts';
import type { Ids } from '../../core/ports.ts';

const randomPart = (): string => Array.from(randomBytes(16), (byte) => crockford[byte % 32]).join('');

/** Random ids. ULIDs of one process sort in the order they were made, also within a millisecond. */
export const randomIds = (now: () => number): Ids => {
  let lastTime = 0;
  let sequence = 0;
  return {
    uuid: () => randomUUID(),
    secret: () => randomBytes(32).toString('base64url'),
    ulid: () => {
      const time = Math.max(now(), lastTime);
      sequence = time === lastTime ? sequence + 1 : 0;
      lastTime = time;
      const order = crockford[Math.floor(sequence / 1024) % 32] ?? '0';
      return `${ulidFloor(time)}${order}${crockford[Math.floor(sequence / 32) % 32]}${crockford[sequence % 32]}${randomPart().slice(3)}`;
    },
  };
};
