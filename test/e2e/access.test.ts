import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../drivers/scaleio/simulator/start.ts';
import { createClock } from '../../local/clock/clock.ts';
import { copyAssembly } from '../support/assembly-copy.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, type Reply, startLive } from '../support/live.ts';
import { logOf } from '../support/refusal.ts';

/** A function does what its role is granted and nothing else: with one grant taken from the template its work fails, and says why. */

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === 'string' ? [Action] : Action);

interface Grant {
  readonly role: string;
  readonly action: string;
  /** A part of the resource as it stands in the template. */
  readonly resource: string;
}

interface Resource {
  readonly Type: string;
  readonly Properties: { readonly PolicyDocument: { Statement: readonly Statement[] } };
}

const withoutAction = (statement: Statement, { action, resource }: Grant): readonly Statement[] => {
  if (!JSON.stringify(statement.Resource).includes(resource)) return [statement];
  const left = actionsOf(statement).filter((each) => each !== action);
  return left.length > 0 ? [{ ...statement, Action: left }] : [];
};

/** The template without the grant. */
const without =
  (grant: Grant) =>
  (text: string): string => {
    const template = JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resource>> };
    const policies = Object.entries(template.Resources).filter(
      ([name, { Type }]) => Type === 'AWS::IAM::Policy' && name.startsWith(`${grant.role}Role`),
    );
    for (const [, { Properties }] of policies) {
      const { PolicyDocument } = Properties;
      PolicyDocument.Statement = PolicyDocument.Statement.flatMap((statement) => withoutAction(statement, grant));
    }
    return JSON.stringify(template);
  };

const dataDir = mkdtempSync(join(tmpdir(), 'patina-access-'));
let simulator: Simulator;
let estate: Estate;
/** Where the clock of the last host stood: no host runs before its data. */
let nowMs = Date.now();

beforeAll(async () => {
  simulator = await startSimulator();
  const live = await startLive({ dataDir });
  estate = await anEstate({ ...live, simulators: [simulator] });
  const [task] = await live.finishedAll(await live.post('/block/volumes', volumeOrder(estate, { name: 'before' })));
  expect(task.state).toBe('ready');
  await live.close();
});
afterAll(async () => {
  await simulator.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** The host on the template without the grant, over the same data, by a clock that `work` may advance. */
const withoutGrant = async (
  grant: Grant,
  work: (live: Live, finished: (task: { id: string }) => Promise<Reply['body']>) => Promise<void>,
): Promise<void> => {
  const assembly = copyAssembly(without(grant));
  const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false, startAt: nowMs });
  const live = await startLive({ dataDir, assembly: assembly.folder, clock, logLevel: 'WARN' });
  const finished = async ({ id }: { id: string }) => {
    for (let reads = 0; reads < 2000; reads += 1) {
      const { body } = await live.post('/vdc/tasks/bulk', { id: [id] });
      const [task] = body.task;
      if (task.state === 'ready' || task.state === 'error') return task;
      if (reads % 5 === 4) await clock.advance(60_000);
    }
    throw new Error('the task did not end');
  };
  try {
    await work(live, finished);
  } finally {
    nowMs = clock.now();
    await live.close();
    assembly.remove();
  }
};

/** Other functions, and the same one where it needs no such grant. */
const restWorks = async (live: Live): Promise<void> => {
  expect((await live.get(`/block/volumes/search?project=${estate.projectId}`)).body.resource).toContainEqual(
    expect.objectContaining({ match: 'before' }),
  );
  expect((await live.post('/vdc/varrays', { name: `beside-${live.token.slice(-8)}` })).status).toBe(200);
};

/** The lines of an operation, as an operator finds them by the task's `op_id`. */
const logOfOperation = (operationId: string): string =>
  logOf(dataDir)
    .split('\n')
    .filter((line) => line.includes(operationId))
    .join('\n');

describe('without the grant', () => {
  it('to invoke the driver an order ends as needing repair, and the log names the action and the function', () =>
    withoutGrant({ role: 'Control', action: 'lambda:InvokeFunction', resource: 'DriverScaleioLive' }, async (live, finished) => {
      const callsBefore = simulator.log.changes().length;
      const [accepted] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'no-driver' }))).body.task;
      const task = await finished(accepted);
      expect(task).toMatchObject({
        state: 'error',
        allowed_operations: 'retry_rollback',
        service_error: { code: 14001, details: expect.stringContaining('the deployment lacks the right to Invoke of Lambda') },
      });
      expect(logOfOperation(task.op_id)).toMatch(/AccessDenied.*lambda:InvokeFunction on resource: arn:aws:lambda:[^ ]*DriverScaleio/);
      expect(simulator.log.changes()).toHaveLength(callsBefore);
      await restWorks(live);
    }));

  it('to update the inventory an order is not carried out, and the log names the action and the table', () =>
    withoutGrant({ role: 'Control', action: 'dynamodb:UpdateItem', resource: 'Inventory' }, async (live) => {
      const [accepted] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'no-update' }))).body.task;
      await expect
        .poll(() => logOfOperation(accepted.op_id), { timeout: 30_000 })
        .toMatch(/AccessDenied.*dynamodb:UpdateItem on resource: arn:aws:dynamodb:[^ ]*Inventory/);
      expect((await live.get(`/vdc/tasks/${accepted.id}`)).body.state).not.toBe('ready');
      await restWorks(live);
    }));
});
