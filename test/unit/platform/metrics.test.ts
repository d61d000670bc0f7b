import { afterEach, expect, it, vi } from 'vitest';
import { embeddedMetrics } from '../../../platform/aws/metrics.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('what is counted is one line of the log, by function and stage', () => {
  vi.stubEnv('STAGE', 'blue');
  const lines: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  embeddedMetrics('control').count('NeedsRepair');
  vi.restoreAllMocks();
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    service: 'control',
    stage: 'blue',
    NeedsRepair: 1,
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Patina', Dimensions: [['service', 'stage']], Metrics: [{ Name: 'NeedsRepair', Unit: 'Count' }] }],
    },
  });
});
