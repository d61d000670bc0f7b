import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startChild } from '../demo/child.ts';

export interface DriverWalk {
  readonly what: string;
  readonly seconds: number;
  readonly calls: number;
  readonly pages: number;
  readonly largestPageBytes: number;
}

/** The ScaleIO driver by itself before a large simulated array, and the conformance suite over the wire before a small one. */
export interface DriverFigures {
  /** Of the simulated array. */
  readonly counts: string;
  readonly walks: readonly DriverWalk[];
  readonly peakBytes: number;
  readonly conformance: { readonly passed: number; readonly failed: number; readonly notTried: number; readonly seconds: number };
}

const password = 'Secret123!';

const conformance = async (): Promise<DriverFigures['conformance']> => {
  const simulator = startChild('drivers/scaleio/simulator/main.ts', ['--port', '0', '--user', 'admin', '--password', password]);
  try {
    const [, fingerprint = ''] = await simulator.line(/^FINGERPRINT (\S+)/);
    const [, port = ''] = await simulator.line(/^READY (\d+)/);
    const target = ['--driver', 'scaleio', '--target', `https://127.0.0.1:${port}`, '--user', 'admin', '--sha256', fingerprint];
    const begunAt = performance.now();
    const run = promisify(execFile)(process.execPath, ['test/conformance/main.ts', ...target], {
      env: { ...process.env, CONFORMANCE_PASSWORD: password },
      maxBuffer: 2 ** 24,
    });
    const { stdout } = await run;
    const [, passed, failed, notTried] = /^all\s+(\d+)\s+(\d+)\s+(\d+)/m.exec(stdout) ?? [];
    return { passed: Number(passed), failed: Number(failed), notTried: Number(notTried), seconds: (performance.now() - begunAt) / 1000 };
  } finally {
    await simulator.stop();
  }
};

export const driverFigures = async (): Promise<DriverFigures> => {
  const child = startChild('test/bench/scaleio.ts', []);
  const [, json = ''] = await child.line(/^DRIVER (.*)$/);
  await child.stop();
  return { ...(JSON.parse(json) as Omit<DriverFigures, 'conformance'>), conformance: await conformance() };
};
