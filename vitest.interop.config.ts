import { defineConfig } from 'vitest/config';

/** Third-party clients against the gateway simulators; needs Debian's python3-cinder and python3-os-brick. */
export default defineConfig({
  test: {
    reporters: process.env['CI'] === 'true' ? ['default', ['json', { outputFile: '.cache/reports/interop.json' }]] : ['default'],
    include: ['test/interop/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
