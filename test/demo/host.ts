import type { Usage } from '../../local/ports.ts';
import { noUsage, total } from '../support/usage.ts';
import { type Child, startChild } from './child.ts';

/** A one-machine host. */
export interface DemoHost {
  readonly url: string;
  close(): Promise<void>;
  /** What each function and machine has used since the start, as AWS bills it. */
  usage(): Promise<Usage>;
}

/** As `npm start` starts it: a process of its own. */
export interface HostProcess extends DemoHost {
  readonly password: string;
  readonly child: Child;
}

/** Of everything but the minute's tick and the polls of waiting clients. */
const isWork = (caller: string): boolean => !/events|api|auth|operator/i.test(caller);

/** Lambda runs and their time count without those that clients' polls cause; units and transitions count whoever used them. */
export const totalUsage = (byCaller: Readonly<Record<string, Usage>>): Usage =>
  Object.entries(byCaller)
    .filter(([caller]) => !/events/i.test(caller))
    .map(([caller, usage]) => (isWork(caller) ? usage : { ...usage, lambdaRuns: 0, lambdaMs: 0 }))
    .reduce(total, noUsage);

export const startHost = async (dataDir: string, more: readonly string[] = []): Promise<HostProcess> => {
  const child = startChild('local/main.ts', ['--data', dataDir, '--port', '0', '--tls-port', '0', ...more]);
  const [, url] = await child.line(/(http:\/\/127\.0\.0\.1:\d+)/);
  const [, controlUrl] = await child.line(/[Cc]ontrol\S*\s+(http:\/\/127\.0\.0\.1:\d+)/);
  const [, password] = await child.line(/^Password of the user root.*: (\S+)$/);
  const usage = async (): Promise<Usage> => totalUsage((await (await fetch(`${controlUrl}/_local/meter`)).json()) as Record<string, Usage>);
  return { url: url ?? '', password: password ?? '', close: child.stop, child, usage };
};
