import { describe, expect, it } from 'vitest';
import { expectAtRest } from './at-rest.ts';
import { idle, send, tasksNow } from './carry-out.ts';
import { expectLeftAlone, orderedOrphan } from './order-orphan.ts';
import { bytesOf, uses } from './orphans.ts';
import { expectNeedsRepair } from './run-row.ts';
import { arrived, steeredOf } from './steered.ts';
import { passRequestTimeout } from './strike.ts';
import { benchOfFile } from './suite.ts';

const bench = benchOfFile();

const cases = [
  { how: 'mapped', reason: /is mapped/, after: 'it is mapped' },
  { how: 'snapshotted', reason: /has snapshots/, after: 'something was taken from it' },
  { how: 'resized', reason: /its size differs/, after: 'its size differs' },
] as const;

describe('an orphan whose removal is ordered', () => {
  it.each(cases)('and that is $how before it begins is kept as it is, and the task says why', async ({ how, reason, after }) => {
    const { order, orphan } = await orderedOrphan(bench());
    await uses[how](bench(), orphan);
    const before = bench().array.bytes();
    bench().array.simulator.log.forgetChanges();
    const [task] = await send(bench(), order);
    await idle(bench());
    const [ended] = await tasksNow(bench(), [task]);
    expect(ended).toMatchObject({ state: 'error', allowed_operations: 'none_specified' });
    expect(ended.service_error.details).toMatch(reason);
    expect(bench().array.bytes()).toBe(before);
    expect(bench().array.simulator.log.changes()).toEqual([]);
    await expectLeftAlone(bench(), orphan, after);
    await expectAtRest(bench());
  });

  it('and that is mapped while the array holds its removal is kept', async () => {
    const { order, orphan } = await orderedOrphan(bench());
    bench().array.simulator.addFault({ match: { verb: 'removeVolume' }, effect: 'hang', when: 'before' });
    const [task] = await send(bench(), order);
    await arrived(steeredOf(bench()));
    await uses.mapped(bench(), orphan);
    const before = bytesOf(bench(), [orphan.nativeId]);
    await passRequestTimeout(steeredOf(bench()));
    await idle(bench());
    const [ended] = await tasksNow(bench(), [task]);
    expect(ended.service_error.details).toMatch(/is mapped/);
    expect(bytesOf(bench(), [orphan.nativeId])).toBe(before);
    await expectLeftAlone(bench(), orphan, 'it is mapped');
    await expectAtRest(bench());
  });

  it('and that needs repair leaves operators nothing to decide: resuming ends it once the array can be read', async () => {
    const { order } = await orderedOrphan(bench());
    bench().array.simulator.addFault({ effect: 'failBefore', times: 'always' });
    const tasks = await send(bench(), order);
    await expectNeedsRepair(bench(), tasks);
    bench().clearFaults();
    const decided = await bench().send('POST', `/vdc/tasks/${tasks[0].id}/resolve`, { how: 'release' });
    expect(decided).toMatchObject({ status: 400, body: { details: expect.stringMatching(/makes no sense here.*resume/) } });
    await bench().ask('POST', `/vdc/tasks/${tasks[0].id}/resume`);
    await idle(bench());
    await order.expectUndone(bench(), await tasksNow(bench(), tasks));
    await expectAtRest(bench());
    const again = await send(bench(), order);
    await idle(bench());
    await order.expectDone(bench(), await tasksNow(bench(), again));
  });
});
