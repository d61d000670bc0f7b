import * as z from 'zod';
import { DriverError } from '../../../drivers/sdk/errors.ts';
import type { Mutant } from './mutant.ts';

export const identityMutants: readonly Mutant[] = [
  {
    name: 'tells another id than the array has',
    capability: 'identity',
    caughtBy: 'tells who answers',
    session: (session) => ({ identify: async () => ({ ...(await session.identify()), arrayId: 'another' }) }),
  },
  {
    name: 'forgets which array is pinned',
    capability: 'identity',
    caughtBy: 'refuses an array that is not the pinned one',
    driver: ({ open }) => ({ open: (context) => open({ ...context, arrayId: undefined }) }),
  },
  {
    name: 'repeats the password in its error',
    capability: 'identity',
    caughtBy: 'refuses a wrong password',
    driver: ({ checkConnection }) => ({
      checkConnection: (context) =>
        checkConnection(context).catch(() => {
          throw new DriverError(`wrong: ${context.credentials.password}`, { outcome: 'DriverRejected', code: 'credentials.refused' });
        }),
    }),
  },
  {
    name: 'takes every password',
    capability: 'identity',
    caughtBy: 'refuses a wrong password',
    driver: ({ checkConnection }) => ({
      checkConnection: (context) =>
        checkConnection({
          ...context,
          credentials: { ...context.credentials, password: context.credentials.password.replace('-wrong', '') },
        }),
    }),
  },
  {
    name: 'changes the array while a connection is checked',
    capability: 'identity',
    caughtBy: 'checks a connection',
    driver: ({ checkConnection }) => ({
      checkConnection: (context) => {
        context.onGatewayCall('change');
        return checkConnection(context);
      },
    }),
  },
  {
    name: 'shows no fingerprint of a certificate that is not trusted',
    capability: 'identity',
    caughtBy: 'refuses a certificate that is not pinned',
    driver: ({ open }) => ({
      open: (context) =>
        open(context).catch((error: unknown) => {
          throw new DriverError('refused', { outcome: 'DriverRejected', code: 'certificate.changed', cause: error });
        }),
    }),
  },
  {
    name: 'connects to any address',
    capability: 'identity',
    caughtBy: 'connects to no address outside',
    driver: ({ open }) => ({ open: (context) => open({ ...context, allowedCidrs: ['127.0.0.0/8'] }) }),
  },
  {
    name: 'knows only the first endpoint',
    capability: 'identity',
    caughtBy: 'goes on to the second endpoint',
    driver: ({ open }) => ({
      open: (context) => open({ ...context, connection: { ...context.connection, endpoints: context.connection.endpoints.slice(0, 1) } }),
    }),
  },
  {
    name: 'calls a dead address a refusal',
    capability: 'identity',
    caughtBy: 'is busy, not refused',
    driver: ({ open }) => ({
      open: (context) =>
        open(context).catch((error: unknown) => {
          throw new DriverError('no', { outcome: 'DriverRejected', code: 'array.unreachable', cause: error });
        }),
    }),
  },
  {
    name: 'has properties without a title',
    capability: 'identity',
    caughtBy: 'gives each property',
    driver: ({ declaration }) => ({ declaration: { ...declaration, options: z.strictObject({ shelf: z.int().default(1) }) } }),
  },
  {
    name: 'tells an instance of what it does not declare',
    capability: 'discovery',
    caughtBy: 'tells instances only of what it declares',
    session: (session) => ({
      identify: async () => ({
        ...(await session.identify()),
        capabilities: [{ capability: 'replication', scope: 'array', available: true, limits: {} }],
      }),
    }),
  },
  {
    name: 'tells limits of the wrong shape',
    capability: 'discovery',
    caughtBy: 'tells instances only of what it declares',
    session: (session) => ({
      identify: async () => ({
        ...(await session.identify()),
        capabilities: [{ capability: 'snapshot', scope: 'array', available: true, limits: { maxPerTree: 'many' } }],
      }),
    }),
  },
  {
    name: 'keeps quiet about an account that may do everything',
    capability: 'identity',
    caughtBy: 'warns of an account',
    session: (session) => ({
      identify: async () => ({ ...(await session.identify()), account: { role: 'SuperUser', moreThanNeeded: true }, warnings: [] }),
    }),
  },
  {
    name: 'tries on an old array what only a newer one has',
    capability: 'identity',
    caughtBy: 'refuses what this array is too old for',
    apiVersion: '2.5',
    driver: ({ declaration }) => ({ declaration: { ...declaration, capabilityDefinitions: {} } }),
  },
  {
    name: 'describes itself with a capability less',
    capability: 'identity',
    caughtBy: 'describes itself as declared',
    driver: ({ declaration }) => ({ declaration: { ...declaration, capabilities: declaration.capabilities.slice(1) } }),
  },
];
