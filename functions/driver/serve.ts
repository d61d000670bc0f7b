import type { Driver, DriverAnswer } from '../../drivers/sdk/driver.ts';
import { serveRequest } from '../../drivers/sdk/serve-request.ts';
import { driverRequest } from '../../drivers/sdk/wire.ts';
import { awsDriverPorts, type DriverPorts } from '../../platform/aws/driver-ports.ts';
import { credentialsReader } from './credentials.ts';

/** Kept of the function's time for the answer. */
const marginMs = 3000;

/** The part of Lambda's context that is used. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

export type DriverHandler = (request: unknown, lambda: RemainingTime) => Promise<DriverAnswer>;

/** What may be logged of a request: neither credentials nor input. */
const facts = (raw: unknown, { gatewayCalls, error }: DriverAnswer): Readonly<Record<string, unknown>> => {
  const { verb, arrayId, correlationId } = driverRequest.safeParse(raw).data ?? {};
  return { verb, arrayId, correlationId, gatewayCalls, outcome: error?.name ?? 'done', code: error?.code, nativeCode: error?.nativeCode };
};

/** A driver as a Lambda function: one request, one answer, never a throw. A refused login reads the secret anew, and tries again if it changed. */
export const serveDriver = (driver: Driver, given?: DriverPorts): DriverHandler => {
  const ports = given ?? awsDriverPorts(driver.declaration.type);
  const { read, refresh } = credentialsReader(ports.secrets, ports.now);
  const rotated = async (raw: unknown, answer: DriverAnswer): Promise<boolean> => {
    const { secretId, verb } = driverRequest.safeParse(raw).data ?? {};
    if (answer.error?.code !== 'credentials.refused' || secretId === undefined || verb === 'checkConnection') return false;
    return refresh(secretId).catch((error: unknown) => {
      ports.log.error('the secret could not be read anew', { error });
      return false;
    });
  };
  return async (raw, lambda) => {
    const options = {
      credentials: read,
      now: ports.now,
      allowedCidrs: ports.allowedCidrs,
      deadline: ports.now() + lambda.getRemainingTimeInMillis() - marginMs,
      onDefect: (error: unknown) => ports.log.error('the driver failed', { error }),
    };
    const first = await serveRequest(driver, raw, options);
    const answer = (await rotated(raw, first)) ? await serveRequest(driver, raw, options) : first;
    ports.log.info('served', facts(raw, answer));
    return answer;
  };
};
