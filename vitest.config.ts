import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutSeconds: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutSeconds * 1000, hookTimeout: timeoutSeconds * 1000 },
});

/** Runs in child processes and worker threads alone, where coverage does not look; the contract and e2e tests do run it. */
const unseen = [
  'drivers/scaleio/simulator/main.ts',
  'functions/**/entry.ts',
  'local/clock/worker-clock.ts',
  'local/clock/worker-timers.ts',
  'local/end-with-parent.ts',
  'local/lambda/worker.ts',
  'local/main.ts',
  'local/sqs/queue-worker.ts',
  'platform/aws/index.ts',
];

const whole = { lines: 100, branches: 100 };

/** Percent of a group of files, in a run of all the tests. The conformance suite is test code that ships, so that failing is most of its branches. */
const thresholds = {
  'core/*.ts': whole,
  'core/!(history)/**/*.ts': whole,
  'core/history/**/*.ts': { lines: 100, branches: 89 },
  'drivers/sdk/*.ts': whole,
  'statemachines/**/*.ts': whole,
  'drivers/sdk/conformance/**/*.ts': { lines: 99, branches: 85 },
  'drivers/scaleio/*.ts': { lines: 99, branches: 94 },
  'drivers/scaleio/simulator/**/*.ts': { lines: 97, branches: 89 },
  'functions/**/*.ts': { lines: 96, branches: 80 },
  'platform/**/*.ts': { lines: 96, branches: 86 },
  'local/**/*.ts': { lines: 95, branches: 85 },
  'cdk/**/*.ts': { lines: 96, branches: 84 },
};

/** In CI the one run of the tests is also the one with coverage, and leaves a report. */
const isCi = process.env['CI'] === 'true';

/** One project per test level; workflows run two files at once on an accelerated clock, e2e files one after the other. */
export default defineConfig({
  test: {
    reporters: isCi ? ['default', ['json', { outputFile: '.cache/reports/tests.json' }]] : ['default'],
    projects: [
      project('unit', 20),
      project('contract', 60),
      project('infra', 120),
      {
        ...project('workflow', 120),
        test: {
          ...project('workflow', 120).test,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/support/synthesized.ts'],
        },
      },
      {
        ...project('e2e', 180),
        test: {
          ...project('e2e', 180).test,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          globalSetup: ['test/support/synthesized.ts'],
        },
      },
    ],
    coverage: {
      enabled: isCi,
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: ['core', 'drivers', 'statemachines', 'functions', 'platform', 'local', 'cdk'].map((folder) => `${folder}/**/*.ts`),
      exclude: unseen,
      thresholds,
    },
  },
});
