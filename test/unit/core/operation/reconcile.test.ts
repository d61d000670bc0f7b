import { describe, expect, it } from 'vitest';
import { nextRepairAt, operationOfExecution, reconcile, repairName } from '../../../../core/operation/reconcile.ts';
import type { Operation } from '../../../../core/operation/schema.ts';
import type { ExecutionState } from '../../../../core/ports.ts';

const acceptedAt = '2026-01-01T00:00:00.000Z';
const operation = (change: Partial<Operation>): Operation => ({
  id: 'a',
  workflow: 'w',
  state: 'accepted',
  owner: 'a',
  repairs: 0,
  tenantId: 't',
  requestedBy: 'root',
  correlationId: 'c',
  acceptedAt,
  taskIds: [],
  ...change,
});

const secondsLater = (seconds: number): number => Date.parse(acceptedAt) + seconds * 1000;

describe('what is done about an open operation', () => {
  it.each<{ reason: string; change?: Partial<Operation>; execution: ExecutionState; seconds: number; verdict: string }>([
    { reason: 'its execution runs', execution: 'running', seconds: 86_400, verdict: 'leave' },
    { reason: 'it was accepted a moment ago and may be starting', execution: 'unknown', seconds: 29, verdict: 'leave' },
    { reason: 'the start was lost', execution: 'unknown', seconds: 30, verdict: 'start' },
    {
      reason: 'the start of its repair was lost',
      change: { state: 'undoing', owner: 'a-r1' },
      execution: 'unknown',
      seconds: 60,
      verdict: 'start',
    },
    { reason: 'its execution ended without a verdict', execution: 'failed', seconds: 1, verdict: 'repair' },
    { reason: 'its execution succeeded and yet it is open', execution: 'succeeded', seconds: 1, verdict: 'repair' },
    { reason: 'the execution died in the undo', change: { state: 'undoing' }, execution: 'failed', seconds: 1, verdict: 'repair' },
    { reason: 'it is still being accepted', change: { state: 'accepting' }, execution: 'unknown', seconds: 59, verdict: 'leave' },
    {
      reason: 'its request died while it was accepted',
      change: { state: 'accepting' },
      execution: 'unknown',
      seconds: 60,
      verdict: 'repair',
    },
    {
      reason: 'it was not accepted and is being taken back',
      change: { state: 'accepting', owner: 'a-r1' },
      execution: 'running',
      seconds: 90,
      verdict: 'leave',
    },
    {
      reason: 'the execution died while it wrote the end',
      change: { state: 'committing' },
      execution: 'failed',
      seconds: 1,
      verdict: 'repair',
    },
    {
      reason: 'the next repair is not due',
      change: { state: 'needs-repair', nextTryAt: '2026-01-01T00:02:00.000Z' },
      execution: 'failed',
      seconds: 119,
      verdict: 'leave',
    },
    {
      reason: 'the next repair is due',
      change: { state: 'needs-repair', nextTryAt: '2026-01-01T00:02:00.000Z' },
      execution: 'failed',
      seconds: 120,
      verdict: 'repair',
    },
    { reason: 'nobody set when to repair', change: { state: 'needs-repair' }, execution: 'failed', seconds: 0, verdict: 'repair' },
  ])('$verdict: $reason', ({ change, execution, seconds, verdict }) => {
    expect(reconcile(operation(change ?? {}), execution, secondsLater(seconds))).toBe(verdict);
  });
});

describe('repairs', () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 2],
    [4, 8],
    [20, 60],
  ])('after %i of them the next is tried in %i minutes', (repairs, minutes) => {
    expect(nextRepairAt(repairs, 0)).toBe(new Date(minutes * 60_000).toISOString());
  });

  it('are named so that their operation is found from the name', () => {
    const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
    expect(repairName(id, 3)).toBe(`${id}-r3`);
    expect(operationOfExecution(repairName(id, 3))).toBe(id);
    expect(operationOfExecution(id)).toBe(id);
  });
});
