import { openApplication } from '../../local/assembly/application.ts';
import { loadAssembly } from '../../local/assembly/load.ts';
import { createClock, type HostClock } from '../../local/clock/clock.ts';
import { type Lambdas, openLambdas } from '../../local/lambda/lambdas.ts';
import { functionsOf } from '../../local/lambda/read-functions.ts';
import type { Authorize, Timer, Usage } from '../../local/ports.ts';
import { type FixtureParts, writeAssembly } from './assembly.ts';

export interface FixtureLambdas {
  readonly lambdas: Lambdas;
  /** Stands still until it is advanced, but for idle time that is skipped. */
  readonly clock: HostClock;
  readonly logged: string[];
  readonly used: Record<string, Partial<Usage>[]>;
  /** Lets all idle time pass. */
  passIdleTime(): void;
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly authorize?: Authorize;
  readonly skipIdle?: boolean;
}

/** Runs the functions of an assembly on a clock of its own. */
export function startFixtureLambdas(
  parts: FixtureParts,
  { authorize = () => undefined, skipIdle = false }: FixtureOptions = {},
): FixtureLambdas {
  const { folder, remove } = writeAssembly(parts);
  const late = { queueUrl: (name: string) => name, secretArn: (name: string) => name };
  const where = { region: 'us-east-1', accountId: '000000000000' };
  const application = openApplication(loadAssembly(folder), { ...where, late });
  const clock = createClock({ mode: 'accelerated', rate: 0, skipIdle, startAt: Date.UTC(2030, 0, 1) });
  const logged: string[] = [];
  const used: Record<string, Partial<Usage>[]> = {};
  const add = (name: string, usage: Partial<Usage>) => {
    used[name] = [...(used[name] ?? []), usage];
  };
  const idle = new Set<() => void>();
  const afterIdle = (run: () => void): Timer => {
    idle.add(run);
    return { cancel: () => void idle.delete(run) };
  };
  const lambdas = openLambdas({
    functions: functionsOf(application, { ...where, endpoints: { SQS: 'http://queues' } }),
    clock,
    authorize,
    meter: { add, snapshot: () => ({}) },
    log: (name, line) => void logged.push(`${name}: ${line}`),
    afterIdle,
  });
  return {
    lambdas,
    clock,
    logged,
    used,
    passIdleTime: () => {
      for (const run of idle) run();
    },
    async close() {
      await lambdas.close();
      clock.close();
      remove();
    },
  };
}
