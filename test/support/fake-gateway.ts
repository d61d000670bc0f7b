import type * as z from 'zod';
import { newFacts } from '../../drivers/scaleio/facts.ts';
import type { Gateway } from '../../drivers/scaleio/gateway.ts';
import { systemWire } from '../../drivers/scaleio/wire-session.ts';
import { DriverError } from '../../drivers/sdk/errors.ts';

export const arrayRefuses = (code: 'request.invalid' | 'array.refused' | 'credentials.refused' = 'request.invalid'): DriverError =>
  new DriverError('refused', { outcome: 'DriverRejected', code });

/** As an array that does not know the volume. */
export const volumeMissing = (): DriverError =>
  new DriverError('refused', { outcome: 'DriverRejected', code: 'object.missing', nativeCode: '79' });

export interface FakeOptions {
  version?: string;
  system?: object;
  /** Answers a path, with the body of what is asked by POST; throws what the array would refuse with. */
  answer(path: string, body?: unknown): unknown;
}

export const systemId = '00000000000000ab';

/** An array told from what it would answer. `calls` are the paths, in order. */
export const fakeGateway = ({ version = '3.6', system = {}, answer }: FakeOptions): { gateway: Gateway; calls: string[] } => {
  const calls: string[] = [];
  const parsed = async <T>(schema: z.ZodType<T>, path: string, body?: unknown): Promise<T> => {
    calls.push(path);
    return schema.parse(answer(path, body));
  };
  const gateway: Gateway = {
    system: systemWire.parse({ id: systemId, mdmCluster: { clusterState: 'ClusteredNormal' }, ...system }),
    version,
    facts: newFacts(),
    get: (schema, path) => parsed(schema, path),
    ask: parsed,
    create: parsed,
    act: async (path, body) => {
      calls.push(path);
      answer(path, body);
    },
  };
  return { gateway, calls };
};
