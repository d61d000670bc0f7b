import { InvokeCommand, type LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda';
import { ControlPlaneError } from '../../core/errors.ts';
import type { Drivers } from '../../core/ports.ts';
import type { DriverAnswer } from '../../drivers/sdk/driver.ts';
import type { DriverFailure } from '../../drivers/sdk/errors.ts';

const failed = (error: DriverFailure): DriverAnswer => ({ gatewayCalls: { login: 0, read: 0, change: 0 }, error });

const nothingKnown = (message: string): DriverAnswer => failed({ name: 'DriverUncertain', code: 'array.answerUnreadable', message });

/** Lambda refused the invocation: a mistake of the deployment, of which no answer of a driver can tell. */
const isRefused = (error: Error): boolean => error instanceof LambdaServiceException && error.$fault === 'client';

/** A throttled invocation was not begun; of one without an answer it is not known. */
const notInvoked = (error: unknown): DriverAnswer => {
  const name = error instanceof Error ? error.name : 'unknown';
  if (name === 'TooManyRequestsException')
    return failed({ name: 'DriverBusy', code: 'array.busy', message: 'the driver has no free function just now' });
  if (error instanceof ControlPlaneError || (error instanceof Error && isRefused(error))) throw error;
  return nothingKnown(`the driver could not be invoked (${name})`);
};

const send = async (client: LambdaClient, command: InvokeCommand): Promise<DriverAnswer> => {
  const answer = await client.send(command);
  if (answer.FunctionError) return nothingKnown('the driver ended without an answer');
  return JSON.parse(Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8')) as DriverAnswer;
};

/** Driver functions, invoked synchronously. `functions` gives the alias ARN of each driver type's function. */
export const lambdaDrivers = (client: LambdaClient, functions: Readonly<Record<string, string>>): Drivers => ({
  async call(driverType, request) {
    const FunctionName = functions[driverType];
    if (!FunctionName) throw new Error(`there is no driver function for ${driverType}`);
    return send(client, new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) })).catch(notInvoked);
  },
});
