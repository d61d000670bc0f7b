import type { Secret } from './store.ts';
import { stagesById } from './versions.ts';

/** Seconds, as AWS's JSON protocols write times. */
export const seconds = (epochMs: number): number => epochMs / 1000;

const common = (secret: Secret) => ({
  ARN: secret.arn,
  Name: secret.name,
  ...(secret.description !== undefined && { Description: secret.description }),
  ...(secret.kmsKeyId !== undefined && { KmsKeyId: secret.kmsKeyId }),
  Tags: secret.tags,
  CreatedDate: seconds(secret.createdAt),
  LastChangedDate: seconds(secret.changedAt),
  ...(secret.deletedAt !== undefined && { DeletedDate: seconds(secret.deletedAt) }),
});

export const described = (secret: Secret) => ({ ...common(secret), VersionIdsToStages: stagesById(secret) });

export const listed = (secret: Secret) => ({ ...common(secret), SecretVersionsToStages: stagesById(secret) });
