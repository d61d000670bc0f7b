import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import type { JsonCall } from '../protocol/json-endpoint.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { described, listed, seconds } from './answers.ts';
import { type CreateRequest, type DeleteRequest, type ListRequest, requests } from './requests.ts';
import { type Access, authorizeOn, findSecret, newArn, permitted, type SecretPorts, usable } from './secrets.ts';
import type { Secret, Value } from './store.ts';
import { stagesById, versionOf, withVersion } from './versions.ts';

export type Operation = (ports: SecretPorts, call: Pick<JsonCall, 'body' | 'caller'>) => unknown;
type Handler<Schema extends z.ZodType> = (ports: SecretPorts, request: z.output<Schema>, caller: string) => unknown;

const operation =
  <Schema extends z.ZodType>(schema: Schema, handle: Handler<Schema>): Operation =>
  (ports, { body, caller }) =>
    handle(ports, schema.parse(body), caller);

const DAY_MS = 86_400_000;
const DEFAULT_RECOVERY_DAYS = 30;

const givenValue = ({ SecretString, SecretBinary }: Value): Value => ({
  ...(SecretString !== undefined && { SecretString }),
  ...(SecretBinary !== undefined && { SecretBinary }),
});
const hasValue = (value: Value): boolean => value.SecretString !== undefined || value.SecretBinary !== undefined;

/** The operations of the endpoint. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    CreateSecret: operation(requests.CreateSecret, (ports, request, caller) => {
      const known = findSecret(ports, request.Name);
      const access = { caller, action: 'CreateSecret', secretId: request.Name };
      authorizeOn(ports, access, known);
      if (request.Tags.length > 0) authorizeOn(ports, { ...access, action: 'TagResource' }, known);
      return createSecret(ports, request);
    }),
    GetSecretValue: operation(requests.GetSecretValue, (ports, request, caller) => {
      const secret = usable(ports, { caller, action: 'GetSecretValue', secretId: request.SecretId });
      const version = versionOf(secret, request);
      return {
        ...named(secret, version.id),
        VersionStages: version.stages,
        CreatedDate: seconds(version.createdAt),
        ...ports.store.unseal(secret, version),
      };
    }),
    PutSecretValue: operation(requests.PutSecretValue, (ports, request, caller) => {
      const secret = usable(ports, { caller, action: 'PutSecretValue', secretId: request.SecretId });
      const id = request.ClientRequestToken ?? randomUUID();
      const version = { id, value: givenValue(request), stages: request.VersionStages, createdAt: ports.clock.now() };
      const changed = withVersion(ports.store, secret, version);
      ports.store.save(changed);
      return { ...named(changed, id), VersionStages: stagesById(changed)[id] };
    }),
    UpdateSecret: operation(requests.UpdateSecret, (ports, request, caller) => {
      const secret = usable(ports, { caller, action: 'UpdateSecret', secretId: request.SecretId });
      const id = request.ClientRequestToken ?? randomUUID();
      const version = { id, value: givenValue(request), createdAt: ports.clock.now() };
      const changed = hasValue(request) ? withVersion(ports.store, secret, version) : secret;
      ports.store.save({ ...changed, ...description(request), changedAt: ports.clock.now() });
      return hasValue(request) ? named(secret, id) : { ARN: secret.arn, Name: secret.name };
    }),
    DescribeSecret: operation(requests.DescribeSecret, (ports, { SecretId }, caller) =>
      described(permitted(ports, { caller, action: 'DescribeSecret', secretId: SecretId })),
    ),
    DeleteSecret: operation(requests.DeleteSecret, (ports, request, caller) =>
      deleteSecret(ports, request, { caller, action: 'DeleteSecret', secretId: request.SecretId }),
    ),
    RestoreSecret: operation(requests.RestoreSecret, (ports, { SecretId }, caller) => {
      const { goneAt: _g, deletedAt: _d, ...secret } = permitted(ports, { caller, action: 'RestoreSecret', secretId: SecretId });
      ports.store.save(secret);
      return { ARN: secret.arn, Name: secret.name };
    }),
    ListSecrets: operation(requests.ListSecrets, (ports, request, caller) => {
      ports.authorize({ caller, action: 'secretsmanager:ListSecrets', resource: '*' });
      return listSecrets(ports, request);
    }),
    TagResource: operation(requests.TagResource, (ports, { SecretId, Tags }, caller) => {
      const secret = permitted(ports, { caller, action: 'TagResource', secretId: SecretId });
      const kept = secret.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
      ports.store.save({ ...secret, tags: [...kept, ...Tags] });
    }),
    UntagResource: operation(requests.UntagResource, (ports, { SecretId, TagKeys }, caller) => {
      const secret = permitted(ports, { caller, action: 'UntagResource', secretId: SecretId });
      ports.store.save({ ...secret, tags: secret.tags.filter(({ Key }) => !TagKeys.includes(Key)) });
    }),
  }),
);

const named = ({ arn, name }: Secret, versionId: string) => ({ ARN: arn, Name: name, VersionId: versionId });

const description = ({ Description, KmsKeyId }: { Description?: string | undefined; KmsKeyId?: string | undefined }) => ({
  ...(Description !== undefined && { description: Description }),
  ...(KmsKeyId !== undefined && { kmsKeyId: KmsKeyId }),
});

/** Also for the template's secrets, which no caller asks for. */
export const createSecret = (ports: SecretPorts, request: CreateRequest) => {
  const now = ports.clock.now();
  const id = request.ClientRequestToken ?? randomUUID();
  const known = findSecret(ports, request.Name);
  if (known !== undefined) return createdBefore(ports, known, { id, value: givenValue(request) });
  const empty: Secret = {
    arn: newArn(ports, request.Name),
    name: request.Name,
    ...description(request),
    tags: request.Tags,
    createdAt: now,
    changedAt: now,
    versions: [],
  };
  const secret = hasValue(request) ? withVersion(ports.store, empty, { id, value: givenValue(request), createdAt: now }) : empty;
  ports.store.save(secret);
  return hasValue(request) ? named(secret, id) : { ARN: secret.arn, Name: secret.name };
};

/** The same create again is answered alike. */
const createdBefore = (ports: SecretPorts, known: Secret, { id, value }: { id: string; value: Value }) => {
  if (known.goneAt !== undefined) {
    const message = "You can't create this secret because a secret with this name is already scheduled for deletion.";
    throw new ServiceError('InvalidRequestException', message);
  }
  if (!known.versions.some((version) => version.id === id)) {
    throw new ServiceError('ResourceExistsException', `The operation failed because the secret ${known.name} already exists.`);
  }
  withVersion(ports.store, known, { id, value, createdAt: known.createdAt });
  return named(known, id);
};

const deleteSecret = (ports: SecretPorts, request: DeleteRequest, access: Access) => {
  if (request.ForceDeleteWithoutRecovery && request.RecoveryWindowInDays !== undefined) {
    throw new ServiceError('InvalidParameterException', 'give either ForceDeleteWithoutRecovery or RecoveryWindowInDays');
  }
  const now = ports.clock.now();
  if (request.ForceDeleteWithoutRecovery) return deleteNow(ports, access, now);
  const secret = usable(ports, access);
  const goneAt = now + (request.RecoveryWindowInDays ?? DEFAULT_RECOVERY_DAYS) * DAY_MS;
  ports.store.save({ ...secret, goneAt, deletedAt: now });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(goneAt) };
};

/** By force, absence is success. */
const deleteNow = (ports: SecretPorts, access: Access, now: number) => {
  const secret = findSecret(ports, access.secretId);
  authorizeOn(ports, access, secret);
  if (secret === undefined) return { Name: access.secretId, DeletionDate: seconds(now) };
  ports.store.remove(secret.name);
  return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(now) };
};

const listSecrets = (ports: SecretPorts, { MaxResults, NextToken, Filters, IncludePlannedDeletion, SortOrder }: ListRequest) => {
  const matching = ports.store
    .list()
    .filter((secret) => (IncludePlannedDeletion || secret.goneAt === undefined) && Filters.every((filter) => matches(secret, filter)))
    .sort((a, b) => a.createdAt - b.createdAt);
  const ordered = SortOrder === 'asc' ? matching : matching.reverse();
  const start = startOf(ordered, NextToken);
  const page = ordered.slice(start, start + MaxResults);
  const last = page.at(-1);
  const more = last !== undefined && start + MaxResults < ordered.length;
  return { SecretList: page.map(listed), ...(more && { NextToken: Buffer.from(last.arn).toString('base64url') }) };
};

const startOf = (ordered: readonly Secret[], token: string | undefined): number => {
  if (token === undefined) return 0;
  const last = ordered.findIndex(({ arn }) => arn === Buffer.from(token, 'base64url').toString());
  if (last < 0) throw new ServiceError('InvalidNextTokenException', 'NextToken is not one of ours');
  return last + 1;
};

const matches = (secret: Secret, { Key, Values }: ListRequest['Filters'][number]): boolean => {
  const fields = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': secret.tags.map((tag) => tag.Key),
    'tag-value': secret.tags.map((tag) => tag.Value),
  };
  return Values.some((value) => fields[Key].some((field) => field.startsWith(value)));
};
