import * as z from 'zod';
import { tagsSchema } from './store.ts';

const id = { SecretId: z.string().min(1).max(2048) };
const token = z.string().min(32).max(64).optional();
const value = { SecretString: z.string().min(1).optional(), SecretBinary: z.string().min(1).optional() };
const described = { Description: z.string().max(2048).optional(), KmsKeyId: z.string().optional() };
const filter = z.object({ Key: z.enum(['name', 'description', 'tag-key', 'tag-value']), Values: z.array(z.string()).min(1) });

/** Unknown fields are refused, so that nothing asked for is silently left out. */
export const requests = {
  CreateSecret: z.strictObject({
    Name: z.string().regex(/^[\w/+=.@-]{1,512}$/, 'letters, digits and /_+=.@- only, at most 512'),
    ClientRequestToken: token,
    Tags: tagsSchema.default([]),
    ...value,
    ...described,
  }),
  GetSecretValue: z.strictObject({ ...id, VersionId: z.string().optional(), VersionStage: z.string().optional() }),
  PutSecretValue: z.strictObject({ ...id, ClientRequestToken: token, VersionStages: z.array(z.string()).min(1).optional(), ...value }),
  UpdateSecret: z.strictObject({ ...id, ClientRequestToken: token, ...value, ...described }),
  DescribeSecret: z.strictObject(id),
  DeleteSecret: z.strictObject({
    ...id,
    RecoveryWindowInDays: z.int().min(7).max(30).optional(),
    ForceDeleteWithoutRecovery: z.boolean().default(false),
  }),
  RestoreSecret: z.strictObject(id),
  ListSecrets: z.strictObject({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().optional(),
    Filters: z.array(filter).default([]),
    IncludePlannedDeletion: z.boolean().default(false),
    SortOrder: z.enum(['asc', 'desc']).optional(),
  }),
  TagResource: z.strictObject({ ...id, Tags: tagsSchema.min(1) }),
  UntagResource: z.strictObject({ ...id, TagKeys: z.array(z.string()).min(1) }),
};

export type CreateRequest = z.output<typeof requests.CreateSecret>;
export type DeleteRequest = z.output<typeof requests.DeleteSecret>;
export type ListRequest = z.output<typeof requests.ListSecrets>;
