import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutSeconds: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutSeconds * 1000, hookTimeout: timeoutSeconds * 1000 },
});

/** In CI the one run of the tests is also the one with coverage, and leaves a report. */
const isCi = process.env['CI'] === 'true';

/** One project per test level; e2e files start whole hosts, so they run one after the other. */
export default defineConfig({
  test: {
    reporters: isCi ? ['default', ['json', { outputFile: '.cache/reports/tests.json' }]] : ['default'],
    projects: [
      project('unit', 20),
      project('contract', 60),
      project('infra', 120),
      { ...project('workflow', 120), test: { ...project('workflow', 120).test, globalSetup: ['test/support/synthesized.ts'] } },
      {
        ...project('e2e', 180),
        test: { ...project('e2e', 180).test, fileParallelism: false, globalSetup: ['test/support/synthesized.ts'] },
      },
    ],
    coverage: {
      enabled: isCi,
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      include: ['core/**', 'drivers/**', 'statemachines/**', 'functions/**', 'platform/**', 'local/**', 'cdk/**'],
      exclude: ['**/fixtures/**'],
    },
  },
});
