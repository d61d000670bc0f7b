import * as z from 'zod';

/** What the template, and Lambda itself, tell every function; each one is given only what it uses. */

const json = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(schema);

const names = z.record(z.string(), z.string());

const environment = z.object({
  STAGE: z.string().default('dev'),
  INVENTORY_TABLE: z.string().optional(),
  TASKS_TABLE: z.string().optional(),
  COORDINATION_TABLE: z.string().optional(),
  IDENTITY_TABLE: z.string().optional(),
  HISTORY_TABLE: z.string().optional(),
  STATE_MACHINES: json(names).default({}),
  DRIVER_FUNCTIONS: json(names).default({}),
  JOBS_QUEUE_URL: z.string().optional(),
  DEAD_JOBS_QUEUE_URL: z.string().optional(),
  ROOT_SECRET_ARN: z.string().optional(),
  ARRAY_CIDRS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((cidr) => cidr !== '')),
  SECRET_PREFIX: z.string().default('patina/dev'),
  LOG_LEVEL: z.string().default('INFO'),
  AWS_REGION: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: z.string().optional(),
});

export type Environment = z.infer<typeof environment>;

let known: Environment | undefined;

/** The function's configuration; the only reader of the process's environment. */
export const readEnvironment = (): Environment => {
  known ??= environment.parse(process.env);
  return known;
};

/** For a variable that this function cannot do without. */
export const required = (name: keyof Environment): string => {
  const value = readEnvironment()[name];
  if (typeof value !== 'string' || value === '') throw new Error(`the function's environment lacks ${name}`);
  return value;
};
