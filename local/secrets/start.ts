import * as z from 'zod';
import type { Authorize, Clock } from '../ports.ts';
import { startJsonEndpoint } from '../protocol/json-endpoint.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { createSecret, operations } from './operations.ts';
import { generatedString, generateSchema } from './random-string.ts';
import { findSecret, type SecretPorts } from './secrets.ts';
import { SecretStore, tagsSchema } from './store.ts';

export interface SecretsManagerOptions {
  dataDir: string;
  authorize: Authorize;
  clock: Clock;
  region: string;
  accountId: string;
}

/** `AWS::SecretsManager::Secret` of the template. */
export interface TemplateSecret {
  /** Used when the properties give no name: must stay the same over restarts. */
  name: string;
  /** The resource's properties, with intrinsics resolved. */
  properties: unknown;
}

export interface LocalSecretsManager {
  /** For AWS_ENDPOINT_URL_SECRETS_MANAGER. */
  url: string;
  /** Makes the secret if it does not exist yet; an existing value stays. Returns the ARN, what `Ref` resolves to. */
  ensureTemplateSecret(spec: TemplateSecret): string;
  close(): Promise<void>;
}

const MAX_REQUEST_BYTES = 512 * 1024;

const templateSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  KmsKeyId: z.string().optional(),
  Tags: tagsSchema.default([]),
  SecretString: z.string().optional(),
  GenerateSecretString: generateSchema.optional(),
});

/** Secrets Manager's JSON API over loopback; values are encrypted at rest under a key file in the data folder. */
export const startSecretsManager = async (options: SecretsManagerOptions): Promise<LocalSecretsManager> => {
  const ports: SecretPorts = { ...options, store: new SecretStore(options.dataDir) };
  const endpoint = await startJsonEndpoint({
    target: 'secretsmanager',
    version: '1.1',
    maxRequestBytes: MAX_REQUEST_BYTES,
    answer: ({ operation, body, caller }) => {
      const run = operations.get(operation);
      if (run === undefined) throw new ServiceError('UnknownOperationException', `${operation} is not available on this host`);
      return run(ports, { body, caller });
    },
  });
  return { ...endpoint, ensureTemplateSecret: (spec) => ensureTemplateSecret(ports, spec) };
};

const ensureTemplateSecret = (ports: SecretPorts, { name, properties }: TemplateSecret): string => {
  const { Name = name, Description, KmsKeyId, Tags, SecretString, GenerateSecretString } = templateSchema.parse(properties);
  const known = findSecret(ports, Name);
  if (known !== undefined) return known.arn;
  const generated = GenerateSecretString === undefined ? undefined : generatedString(GenerateSecretString);
  return createSecret(ports, { Name, Description, KmsKeyId, Tags, SecretString: SecretString ?? generated }).ARN;
};
