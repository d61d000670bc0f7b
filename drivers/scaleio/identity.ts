import type { ArrayIdentity } from '../sdk/model.ts';
import { readAccount } from './account.ts';
import { toIdentity } from './array-identity.ts';
import type { Gateway } from './gateway.ts';
import { capabilityInstances } from './instances.ts';

/** Who answers, and what the account may do. */
export const whoAnswers = async (gateway: Gateway, username: string): Promise<ArrayIdentity> =>
  toIdentity(gateway.system, gateway.version, await readAccount(gateway, username));

export const identify = async (gateway: Gateway, username: string): Promise<ArrayIdentity> => ({
  ...(await whoAnswers(gateway, username)),
  capabilities: await capabilityInstances(gateway),
});
