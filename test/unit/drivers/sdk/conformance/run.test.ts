import { describe, expect, it } from 'vitest';
import { formatResult, formatSummary } from '../../../../../drivers/sdk/conformance/report.ts';
import { type CaseResult, runConformance } from '../../../../../drivers/sdk/conformance/run.ts';
import { ownDriver, wireTarget } from '../../../../../drivers/sdk/conformance/wire-target.ts';
import { DriverError } from '../../../../../drivers/sdk/errors.ts';
import { newArray } from '../../../../support/paper/array.ts';
import { credentials, paper, paperDriver } from '../../../../support/paper/driver.ts';
import { paperTarget } from '../../../../support/paper/target.ts';

const connection = { endpoints: [{ host: '10.0.0.1', port: 443 }], tls: { mode: 'none' as const } };
const common = { connection, credentials, options: {}, allowedCidrs: ['10.0.0.0/8'], lacks: ['network' as const] };

describe('a conformance run', () => {
  it('tries the cases of the capabilities asked for, one after the other, and tells each as it ends', async () => {
    const told: CaseResult[] = [];
    const options = { capabilities: ['volume.expand'], caseSeconds: 10, onResult: (result: CaseResult) => told.push(result) };
    const results = await runConformance(paperTarget(), options);
    expect(results).toEqual(told);
    expect(new Set(results.map(({ capability, status }) => `${capability} ${status}`))).toEqual(new Set(['volume.expand passed']));
    expect(formatSummary(paper, results)).toMatch(/not declared: nothing\nPaper array conforms$/);
  });

  it('says of a case that could not be tried what it would need, and does not call that conforming in all', async () => {
    const target = await wireTarget({ ...common, driver: ownDriver(paperDriver(newArray())) });
    const results = await runConformance(target, { capabilities: ['volume.rename'], caseSeconds: 10 });
    const lost = results.find(({ name }) => name.includes('lost before'));
    expect(lost).toMatchObject({ status: 'notApplicable', needs: ['faults'] });
    expect(formatResult(lost ?? results[0] ?? fail())).toContain('(not tried: faults)');
    const summary = formatSummary(target.declaration, results);
    expect(summary).toMatch(/conforms, as far as it could be tried here$/);
    expect(summary).toContain('not tried for want of:\n  contents (1)\n  faults (2)\n');
  });

  it('shows what was found where a promise is broken, never the password, and goes on', async () => {
    const broken = paperTarget((array) => {
      const driver = paperDriver(array);
      return {
        ...driver,
        open: async (context) => ({
          ...(await driver.open(context)),
          expandVolumes: async () => {
            throw new DriverError(`broken ${context.credentials.password}`, { outcome: 'DriverBusy', code: 'array.busy' });
          },
        }),
      };
    });
    const results = await runConformance(broken, { capabilities: ['volume.expand'], caseSeconds: 10 });
    expect(results.length).toBeGreaterThan(3);
    const text = results.map(formatResult).join('\n');
    expect(text).toMatch(/^FAIL volume\.expand: grows a volume/m);
    expect(text).toContain('broken ********');
    expect(text).not.toContain(credentials.password);
    const { capabilities, ...rest } = broken.declaration;
    const declared = { ...rest, capabilities: capabilities.filter((capability) => capability !== 'events') };
    expect(formatSummary(declared, results)).toMatch(/not declared: events\nPaper array does not conform: \d+ of \d+ cases failed$/);
  });

  it('does not wait for a driver that never answers', async () => {
    const silent = { ...paperTarget(), serve: () => new Promise<never>(() => undefined) };
    const [result] = await runConformance(silent, { capabilities: ['volume.rename'], caseSeconds: 0.01 });
    expect(result).toMatchObject({ status: 'failed', problem: 'the case did not end within 0.01 s' });
  });

  it('ends before it begins when the array cannot be looked at', async () => {
    const wrong = { ...credentials, password: 'another' };
    await expect(wireTarget({ ...common, credentials: wrong, driver: ownDriver(paperDriver(newArray())) })).rejects.toMatchObject({
      name: 'UnreachableTarget',
      failure: { code: 'credentials.refused' },
    });
  });
});

const fail = (): never => {
  throw new Error('there is no result');
};
