import { isIP } from 'node:net';
import * as z from 'zod';

interface Cidr {
  readonly family: number;
  readonly bits: number;
}

/** Undefined for what is no CIDR block. */
const cidrOf = (text: string): Cidr | undefined => {
  const [address, bits, ...more] = text.split('/');
  const family = isIP(address ?? '');
  const isCidr = family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= (family === 4 ? 32 : 128);
  return isCidr ? { family, bits: Number(bits) } : undefined;
};

/** AWS takes VPCs from /16 on; two subnets of /26 need a /25. */
const holdsSubnets = (text: string): boolean => {
  const cidr = cidrOf(text);
  return cidr?.family === 4 && cidr.bits >= 16 && cidr.bits <= 25;
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
  z
    .string('is missing')
    .regex(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `has something that is no id such as ${prefix}-0123456789abcdef0`);

const atLeastOne = 'needs at least one';

const importedNetwork = z.strictObject({
  vpcId: awsId('vpc'),
  subnetIds: z.array(awsId('subnet'), atLeastOne).min(1, atLeastOne),
  availabilityZones: z.array(z.string(), atLeastOne).min(1, atLeastOne),
  /** The security group of a Secrets Manager endpoint that is there already; absent: one is made. */
  secretsEndpointSecurityGroupId: awsId('sg').optional(),
});

const zone = z.strictObject({ id: z.string('is missing').min(1, 'is missing'), name: z.string('is missing').min(1, 'is missing') });

/** Descriptions are what would be right, as the end of a sentence that begins with "must be". */
const fields = {
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,15}$/)
    .default('dev')
    .describe('a lower-case letter and then lower-case letters and digits, at most 16 in all'),
  network: z
    .preprocess(fromJson, z.union([z.enum(['none', 'create']), importedNetwork]))
    .default('none')
    .describe('none, create, or the VPC you have as a JSON object {"vpcId", "subnetIds", "availabilityZones"}'),
  vpcCidr: z
    .string()
    .refine(holdsSubnets)
    .default('10.250.0.0/24')
    .describe('an IPv4 network from /16 to /25, such as 10.250.0.0/24, so that it holds the /26 of each of two zones'),
  arrayCidrs: listOf(z.string().refine((text) => cidrOf(text) !== undefined))
    .default([])
    .describe('networks in which arrays lie, comma separated, such as 10.20.0.0/16,fd00:20::/64'),
  arrayPorts: listOf(z.coerce.number().int().min(1).max(65535))
    .default([443])
    .describe('TCP ports of gateways from 1 to 65535, comma separated, such as 443,8443'),
  endpoint: z.enum(['regional', 'private']).default('regional').describe('regional or private'),
  vpcEndpointIds: listOf(awsId('vpce'))
    .default([])
    .describe('execute-api endpoints that may call a private API, comma separated, such as vpce-0123456789abcdef0'),
  domainName: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*$/)
    .optional()
    .describe('a host name in lower case, such as patina.example.com'),
  certificateArn: z
    .string()
    .regex(/^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/)
    .optional()
    .describe('the ARN of an ACM certificate for domainName, arn:aws:acm:<region>:<account>:certificate/<id>'),
  hostedZone: z
    .preprocess(fromJson, zone)
    .optional()
    .describe('the zone that gets domainName as a JSON object {"id", "name"}, such as {"id":"Z0123456789","name":"example.com"}'),
  apiGatewayAccountRole: z.preprocess(fromJson, z.boolean()).default(true).describe('true or false'),
  alarmTopicArn: z
    .string()
    .regex(/^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/)
    .optional()
    .describe('the ARN of an SNS topic, arn:aws:sns:<region>:<account>:<name>'),
  logRetentionDays: z
    .preprocess(fromJson, z.union([z.literal(7), z.literal(30), z.literal(90), z.literal(365)]))
    .default(30)
    .describe('7, 30, 90 or 365'),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO').describe('DEBUG, INFO, WARN or ERROR'),
};

const together = (key: keyof typeof fields, message: string) => ({ path: [key], message, params: { severalKeys: true } });

const schema = z
  .object(fields)
  .refine(
    ({ endpoint, vpcEndpointIds }) => endpoint === 'regional' || vpcEndpointIds.length > 0,
    together('vpcEndpointIds', 'a private endpoint needs at least one VPC endpoint that may call it, such as vpce-0123456789abcdef0'),
  )
  .refine(
    ({ domainName, endpoint }) => domainName === undefined || endpoint === 'regional',
    together('domainName', 'a custom domain needs endpoint=regional'),
  )
  .refine(
    ({ domainName, certificateArn }) => (domainName === undefined) === (certificateArn === undefined),
    together('certificateArn', 'domainName and certificateArn are given together'),
  )
  .refine(
    ({ domainName, hostedZone }) => domainName !== undefined || hostedZone === undefined,
    together('hostedZone', 'a zone needs the domainName that it gets'),
  );

export type Config = z.infer<typeof schema>;

/** What this application reads from the CDK context. */
export const contextKeys = Object.keys(fields);

/** A context value that cannot be used; the message names each key, its value and what would be right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Of an object given as JSON, what is wrong with its parts. */
const partsOf = (issue: z.core.$ZodIssue): string[] => {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(partsOf);
  if (issue.code === 'unrecognized_keys') return [`it does not have ${issue.keys.join(', ')}`];
  const part = issue.path.findLast((step) => typeof step === 'string');
  return part === undefined ? [] : [`${part} ${issue.message}`];
};

const wanted = (issue: z.core.$ZodIssue, key: string): string => {
  const field = Object.entries(fields).find(([name]) => name === key)?.[1];
  const within: z.core.$ZodIssue = issue.code === 'invalid_union' ? issue : { ...issue, path: issue.path.slice(1) };
  const parts = partsOf(within);
  return `must be ${field?.description}${parts.length > 0 ? `; ${parts.join(', ')}` : ''}`;
};

const sentence = (issue: z.core.$ZodIssue, context: Readonly<Record<string, unknown>>): string => {
  const key = String(issue.path[0]);
  const given = context[key] === undefined ? `${key} is not given` : `${key}=${JSON.stringify(context[key])}`;
  const isOfSeveral = issue.code === 'custom' && issue.params?.['severalKeys'] === true;
  return `context ${given}: ${isOfSeveral ? issue.message : wanted(issue, key)}`;
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
