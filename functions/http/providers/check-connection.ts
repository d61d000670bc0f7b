import * as z from 'zod';
import { ControlPlaneError } from '../../../core/errors.ts';
import type { RequestContext } from '../../../core/request.ts';
import { type ArrayConnection, type Credentials, contractVersion, type DriverRequest } from '../../../drivers/sdk/driver.ts';
import type { ProviderPorts } from './ports.ts';
import { refusalOf } from './refusals.ts';

const identitySchema = z.object({
  arrayId: z.string().min(1),
  model: z.string(),
  version: z.string(),
  warnings: z.array(z.string()).default([]),
});
export type CheckedArray = z.infer<typeof identitySchema>;

export interface Check {
  readonly driverType: string;
  readonly options: unknown;
  readonly connection: ArrayConnection;
  /** Credentials to try, or the secret and the array that they belong to. */
  readonly as: { readonly credentials: Credentials } | { readonly secretId: string; readonly arrayId: string };
}

/** Shorter than the function's own time, so that an array that does not answer is an answer. */
const budgetMs = 15_000;

const requestOf = ({ options, connection, as }: Check, correlationId: string, deadline: number): DriverRequest => ({
  contractVersion,
  verb: 'credentials' in as ? 'checkConnection' : 'identify',
  correlationId,
  deadline,
  connection,
  options,
  input: {},
  ...as,
});

/** Asks the driver who answers there and whether the credentials are good. Reads alone; tries them once. */
export const checkConnection = async (ports: ProviderPorts, request: RequestContext, check: Check): Promise<CheckedArray> => {
  const deadline = ports.clock.now() + budgetMs;
  const answer = await ports.drivers.call(check.driverType, requestOf(check, request.correlationId, deadline));
  if (answer.error) throw refusalOf(answer.error);
  const identity = identitySchema.safeParse(answer.output);
  if (identity.success) return identity.data;
  throw new ControlPlaneError('the driver did not say which array answers', { code: 'provider.refused', cause: identity.error });
};
