import * as z from 'zod';
import { batchAnswerOf, batchOf, driverFailure, initiatorId, percent, text } from './basics.ts';
import { hostComponent } from './observed.ts';

const initiators = z.array(initiatorId).min(1).max(64);

const components = batchOf(z.object({ ref: text, component: z.object({ type: z.literal('port'), nativeId: text, expectedName: text }) }));
const handle = z.object({ handle: z.string().min(1).max(4096) });

export const operateInputs = {
  ensureHosts: batchOf(z.object({ ref: text, name: text, osType: text, initiators })),
  ensureHostsAbsent: batchOf(z.object({ ref: text, host: z.object({ nativeId: text, expectedName: text, initiators }) })),
  checkMaintenance: components,
  enterMaintenance: components,
  exitMaintenance: components,
  pollOperation: handle,
  cancelOperation: handle,
};

const maintenance = batchAnswerOf(
  z.object({
    phase: z.enum(['inService', 'entering', 'inMaintenance', 'exiting']),
    blockers: z.array(z.object({ code: z.string(), message: z.string() })),
  }),
);

const operationState = z.object({
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled', 'unknown']),
  percent,
  retryAfterSeconds: z.number().min(0),
  cancellable: z.boolean(),
  error: driverFailure.exactOptional(),
});

export const operateOutputs = {
  ensureHosts: batchAnswerOf(hostComponent),
  ensureHostsAbsent: batchAnswerOf(z.never()),
  checkMaintenance: maintenance,
  enterMaintenance: maintenance,
  exitMaintenance: maintenance,
  pollOperation: operationState,
  cancelOperation: operationState,
};
