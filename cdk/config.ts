import { isIP } from 'node:net';
import * as z from 'zod';

const isCidr = (text: string): boolean => {
  const [address, bits, ...more] = text.split('/');
  const family = isIP(address ?? '');
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= (family === 4 ? 32 : 128);
};

/** Context given on a command line (`-c key=value`) is text: lists are separated by commas, the rest is JSON. */
const listOf = <T extends z.ZodType>(item: T) =>
  z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter((each) => each !== '') : value), z.array(item));
/** Text that is no JSON stays what it is, for the schema to refuse. */
const fromJson = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^(\{|true$|false$|\d+$)/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

const awsId = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `is no id such as ${prefix}-0123456789abcdef0`);

const importedNetwork = z.strictObject({
  vpcId: awsId('vpc'),
  subnetIds: z.array(awsId('subnet')).min(1),
  availabilityZones: z.array(z.string()).min(1),
  /** The security group of a Secrets Manager endpoint that is there already; absent: one is made. */
  secretsEndpointSecurityGroupId: awsId('sg').optional(),
});

const fields = {
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/)
    .default('dev')
    .describe('lower-case letters and digits, at most 16'),
  network: z
    .preprocess(fromJson, z.union([z.enum(['none', 'create']), importedNetwork]))
    .default('none')
    .describe('none, create, or {vpcId, subnetIds, availabilityZones}'),
  vpcCidr: z
    .string()
    .refine(isCidr, 'is no CIDR block, such as 10.250.0.0/24')
    .default('10.250.0.0/24')
    .describe('addresses of the VPC that network=create makes, at least a /24'),
  arrayCidrs: listOf(z.string().refine(isCidr, 'is no CIDR block, such as 10.0.0.0/8'))
    .default([])
    .describe('networks in which arrays may lie'),
  arrayPorts: listOf(z.coerce.number().int().min(1).max(65535)).default([443]).describe('TCP ports of gateways'),
  endpoint: z.enum(['regional', 'private']).default('regional').describe('regional or private'),
  vpcEndpointIds: listOf(awsId('vpce')).default([]).describe('execute-api endpoints that may call a private API'),
  domainName: z.string().optional().describe('a host name for the API'),
  certificateArn: z.string().startsWith('arn:').optional().describe('an ACM certificate for domainName'),
  hostedZone: z
    .preprocess(fromJson, z.strictObject({ id: z.string(), name: z.string() }))
    .optional()
    .describe('{id, name} of the zone that gets domainName'),
  apiGatewayAccountRole: z
    .preprocess(fromJson, z.boolean())
    .default(true)
    .describe("true if this app sets the account's API Gateway log role"),
  alarmTopicArn: z.string().startsWith('arn:').optional().describe('an SNS topic that alarms go to'),
  logRetentionDays: z
    .preprocess(fromJson, z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]))
    .default(30)
    .describe('7, 30, 90 or 365'),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO').describe('DEBUG, INFO, WARN or ERROR'),
};

const schema = z
  .object(fields)
  .refine((config) => config.endpoint === 'regional' || config.vpcEndpointIds.length > 0, {
    path: ['vpcEndpointIds'],
    message: 'a private endpoint needs at least one VPC endpoint that may call it',
  })
  .refine((config) => config.domainName === undefined || config.endpoint === 'regional', {
    path: ['domainName'],
    message: 'a custom domain needs endpoint=regional',
  })
  .refine((config) => (config.domainName === undefined) === (config.certificateArn === undefined), {
    path: ['certificateArn'],
    message: 'domainName and certificateArn are given together',
  });

export type Config = z.infer<typeof schema>;

/** What this application reads from the CDK context. */
export const contextKeys = Object.keys(fields);

/** A context value that cannot be used; the message names each key, its value and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const sentence = (issue: z.core.$ZodIssue, context: Readonly<Record<string, unknown>>): string => {
  const key = String(issue.path[0]);
  const field = Object.entries(fields).find(([name]) => name === key)?.[1];
  return `context ${key}=${JSON.stringify(context[key])}: ${issue.message} (${field?.description})`;
};

export const parseConfig = (context: Readonly<Record<string, unknown>>): Config => {
  const result = schema.safeParse(context);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.map((issue) => sentence(issue, context)).join('\n'));
};

/** Keys of this application are plain words; those of the CDK itself and of its plugins have `:`, `@`, `/` or `-` in them. */
export const refuseUnknownContext = (keys: readonly string[]): void => {
  const unknown = keys.filter((key) => /^\w+$/.test(key) && !contextKeys.includes(key));
  if (unknown.length > 0) throw new ConfigError(`context ${unknown.join(', ')}: unknown; this application reads ${contextKeys.join(', ')}`);
};

/** Only `dev` may lose its data. */
export const isDisposable = (config: Config): boolean => config.stage === 'dev';
