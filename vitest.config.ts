import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutSeconds: number) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeoutSeconds * 1000, hookTimeout: timeoutSeconds * 1000 },
});

/** One project per test level; e2e files start whole hosts, so they run one after the other. */
export default defineConfig({
  test: {
    projects: [
      project('unit', 20),
      project('contract', 60),
      project('infra', 120),
      project('workflow', 120),
      { ...project('e2e', 180), test: { ...project('e2e', 180).test, fileParallelism: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['core/**', 'drivers/**', 'statemachines/**', 'functions/**', 'platform/**', 'local/**', 'cdk/**'],
      exclude: ['**/fixtures/**'],
    },
  },
});
