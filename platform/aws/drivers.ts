import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { Drivers } from '../../core/ports.ts';
import type { DriverAnswer } from '../../drivers/sdk/driver.ts';

const nothingKnown = (message: string): DriverAnswer => ({
  gatewayCalls: { login: 0, read: 0, change: 0 },
  error: { name: 'DriverUncertain', code: 'array.answerUnreadable', message },
});

/** Driver functions, invoked synchronously. `functions` gives the alias ARN of each driver type's function. */
export const lambdaDrivers = (client: LambdaClient, functions: Readonly<Record<string, string>>): Drivers => ({
  async call(driverType, request) {
    const FunctionName = functions[driverType];
    if (!FunctionName) throw new Error(`there is no driver function for ${driverType}`);
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(request)) }));
    if (answer.FunctionError) return nothingKnown('the driver ended without an answer');
    return JSON.parse(Buffer.from(answer.Payload ?? new Uint8Array()).toString('utf8')) as DriverAnswer;
  },
});
