import { SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AssemblyCopy, copyAssembly } from '../support/assembly-copy.ts';
import { anEstate, type Estate, volumeOrder } from '../support/estate.ts';
import { type Live, startLive } from '../support/live.ts';
import { waitFor } from '../workflow/faults/bench.ts';

/** An installation whose rules an operator has disabled: nobody takes back what an execution left. */
const withoutRules = (template: string): string => template.replaceAll('"State": "ENABLED"', '"State": "DISABLED"');

let assembly: AssemblyCopy;
let live: Live;
let estate: Estate;
let stepFunctions: SFNClient;

beforeAll(async () => {
  assembly = copyAssembly(withoutRules);
  live = await startLive({ assembly: assembly.folder, simulators: [{}] });
  estate = await anEstate(live);
  stepFunctions = new SFNClient({
    endpoint: String(live.host.endpoints['SFN']),
    region: 'us-east-1',
    credentials: { accessKeyId: live.host.operatorKey, secretAccessKey: 'unused' },
  });
});
afterAll(async () => {
  stepFunctions.destroy();
  await live.close();
  assembly.remove();
});

describe('an execution that was aborted', () => {
  it('goes on where it was when an operator redrives it', async () => {
    const [simulator] = live.simulators;
    simulator?.addFault({ match: { verb: 'create' }, effect: 'failBefore', times: 'always' });
    const [task] = (await live.post('/block/volumes', volumeOrder(estate, { name: 'redriven' }))).body.task;
    const redrive = `/vdc/tasks/${task.id}/redrive`;
    const execution = await waitFor('it runs', async () => live.host.executions.list().find(({ name }) => name === task.op_id));
    expect(await live.post(redrive)).toMatchObject({ status: 400, body: { details: expect.stringContaining('it is running') } });
    await stepFunctions.send(new StopExecutionCommand({ executionArn: execution.arn }));
    expect((await live.post(`${redrive}?dry_run=true`)).body.plan).toMatchObject({ execution: task.op_id });
    expect(await live.post(redrive)).toMatchObject({ status: 202, body: { state: 'pending' } });
    simulator?.clearFaults();
    expect(await live.finished(task)).toMatchObject({ state: 'ready' });
    expect(await live.post(redrive)).toMatchObject({ status: 400, body: { details: expect.stringContaining('it has ended') } });
  });
});
