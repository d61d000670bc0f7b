import { randomUUID } from 'node:crypto';

const nqn = (): string => `nqn.2014-08.org.nvmexpress:uuid:${randomUUID()}`;

/** Names of initiators that no host has, by type. */
export const freshInitiators = {
  'nvme-tcp': nqn,
  'nvme-fc': nqn,
  iscsi: () => `iqn.2000-01.test.conformance:${randomUUID()}`,
} as const;

export const isFreshInitiatorType = (type: string): type is keyof typeof freshInitiators => Object.hasOwn(freshInitiators, type);
