import { randomInt } from 'node:crypto';
import type { Authorize, Clock } from '../ports.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { Secret, SecretStore } from './store.ts';

export interface SecretPorts {
  store: SecretStore;
  authorize: Authorize;
  clock: Clock;
  region: string;
  accountId: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SUFFIX_CHARACTERS = 6;
const suffix = () => Array.from({ length: SUFFIX_CHARACTERS }, () => letters.charAt(randomInt(letters.length))).join('');

const arnPrefix = ({ region, accountId }: SecretPorts): string => `arn:aws:secretsmanager:${region}:${accountId}:secret:`;

export const newArn = (ports: SecretPorts, name: string): string => `${arnPrefix(ports)}${name}-${suffix()}`;

/** By name, ARN, or ARN without its suffix; what was deleted and whose recovery window is over does not exist. */
export const findSecret = (ports: SecretPorts, secretId: string): Secret | undefined => {
  const secret = ports.store.list().find(({ name, arn }) => [name, arn, arn.slice(0, -1 - SUFFIX_CHARACTERS)].includes(secretId));
  if (secret?.goneAt === undefined || secret.goneAt > ports.clock.now()) return secret;
  ports.store.remove(secret.name);
  return undefined;
};

export interface Access {
  caller: string;
  action: string;
  secretId: string;
}

/** The secret, if the caller may; whether it exists is not told to others. */
export const permitted = (ports: SecretPorts, access: Access): Secret => {
  const secret = findSecret(ports, access.secretId);
  authorizeOn(ports, access, secret);
  if (secret === undefined) throw new ServiceError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return secret;
};

/** As `permitted`, refusing a secret that is marked for deletion. */
export const usable = (ports: SecretPorts, access: Access): Secret => {
  const secret = permitted(ports, access);
  if (secret.goneAt === undefined) return secret;
  throw new ServiceError('InvalidRequestException', "You can't perform this operation on the secret because it was marked for deletion.");
};

export const authorizeOn = (ports: SecretPorts, { caller, action, secretId }: Access, secret: Secret | undefined): void => {
  const context = Object.fromEntries((secret?.tags ?? []).map(({ Key, Value }) => [`aws:ResourceTag/${Key}`, Value]));
  ports.authorize({ caller, action: `secretsmanager:${action}`, resource: secret?.arn ?? supposedArn(ports, secretId), context });
};

/** Policies are written for ARNs, so a name that does not exist is judged by the ARN it could have. */
const supposedArn = (ports: SecretPorts, secretId: string): string =>
  secretId.startsWith('arn:') ? secretId : `${arnPrefix(ports)}${secretId}-${'0'.repeat(SUFFIX_CHARACTERS)}`;
