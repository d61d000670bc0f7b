import { ServiceError } from '../protocol/service-error.ts';
import type { Secret, SecretStore, Value, Version } from './store.ts';

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
const MAX_VALUE_BYTES = 65_536;

export interface NewVersion {
  id: string;
  value: Value;
  stages?: readonly string[] | undefined;
  createdAt: number;
}

/** The secret with one more version. The same token with the same value changes nothing; with another value it is refused. */
export const withVersion = (store: SecretStore, secret: Secret, version: NewVersion): Secret => {
  checkValue(version.value);
  const known = secret.versions.find(({ id }) => id === version.id);
  if (known !== undefined) return again(store, secret, { known, value: version.value });
  const stages = version.stages ?? [CURRENT];
  const added: Version = { id: version.id, stages: [...stages], sealed: store.seal(secret, version.value), createdAt: version.createdAt };
  const kept = secret.versions.map((old) => ({ ...old, stages: stagesAfter(old, stages) })).filter((old) => old.stages.length > 0);
  return { ...secret, changedAt: version.createdAt, versions: [...kept, added] };
};

/** A stage belongs to one version; what was current becomes previous. */
const stagesAfter = ({ stages }: Version, moved: readonly string[]): string[] => {
  const steppedBack = moved.includes(CURRENT) && stages.includes(CURRENT);
  const dropped = (stage: string) => moved.includes(stage) || (moved.includes(CURRENT) && stage === PREVIOUS);
  return [...stages.filter((stage) => !dropped(stage)), ...(steppedBack ? [PREVIOUS] : [])];
};

const again = (store: SecretStore, secret: Secret, { known, value }: { known: Version; value: Value }): Secret => {
  const old = store.unseal(secret, known);
  if (old.SecretString === value.SecretString && old.SecretBinary === value.SecretBinary) return secret;
  throw new ServiceError('ResourceExistsException', 'this ClientRequestToken was used with another value');
};

const checkValue = ({ SecretString, SecretBinary }: Value): void => {
  if ((SecretString === undefined) === (SecretBinary === undefined)) {
    throw new ServiceError('InvalidParameterException', 'give either SecretString or SecretBinary');
  }
  const sizeBytes = SecretString === undefined ? Buffer.from(SecretBinary ?? '', 'base64').length : Buffer.byteLength(SecretString);
  if (sizeBytes > MAX_VALUE_BYTES) throw new ServiceError('ValidationException', `a secret value is at most ${MAX_VALUE_BYTES} bytes`);
};

/** By id, or by stage: the current one if neither is named. */
export const versionOf = (secret: Secret, wanted: { VersionId?: string | undefined; VersionStage?: string | undefined }): Version => {
  const stage = wanted.VersionStage ?? (wanted.VersionId === undefined ? CURRENT : undefined);
  const version = secret.versions.find(
    ({ id, stages }) => (wanted.VersionId === undefined || id === wanted.VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (version !== undefined) return version;
  throw new ServiceError(
    'ResourceNotFoundException',
    `Secrets Manager can't find the specified secret value for ${stage ?? 'this VersionId'}`,
  );
};

export const stagesById = (secret: Secret): Record<string, string[]> =>
  Object.fromEntries(secret.versions.map(({ id, stages }) => [id, stages]));
