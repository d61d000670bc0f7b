import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { type Credentials, contractVersion, type Driver, type DriverAnswer, type DriverDeclaration } from '../driver.ts';
import type { DriverFailure } from '../errors.ts';
import { serveRequest } from '../serve-request.ts';
import { driverDescription } from '../wire/description.ts';
import { driverAnswer } from '../wire.ts';
import { outsiderThrough } from './driver-outsider.ts';
import type { ConformanceTarget } from './target.ts';

/** What a host gives a driver beside the request: what a function would read from its surroundings. */
export interface HostFacts {
  credentials: Credentials;
  allowedCidrs: readonly string[];
}

/** A driver in another process: asked in JSON, answering in JSON. */
export interface WireDriver {
  ask(request: unknown, host: HostFacts): Promise<DriverAnswer>;
  close(): Promise<void>;
}

const isEnded = (child: { exitCode: number | null; signalCode: string | null }): boolean =>
  child.exitCode !== null || child.signalCode !== null;

const asAnswer = (raw: unknown): DriverAnswer => driverAnswer.parse(raw);
const stdioLine = z.object({ id: z.int(), answer: z.unknown() });

type StdioChild = ChildProcessByStdio<Writable, Readable, null>;

interface Waiting {
  resolve(answer: DriverAnswer): void;
  reject(error: Error): void;
}

const listen = (child: StdioChild, waiting: Map<number, Waiting>): void => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, answer } = stdioLine.parse(JSON.parse(line));
    waiting.get(id)?.resolve(asAnswer(answer));
    waiting.delete(id);
  });
  const fail = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on('exit', () => fail(new Error('the driver ended')));
  child.on('error', fail);
};

/** One JSON object a line: `{id, request, host}` in, `{id, answer}` out, in any order. What the driver writes to stderr passes through. */
export const stdioDriver = ([command = '', ...args]: readonly string[]): WireDriver => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  listen(child, waiting);
  return {
    ask: (request, host) =>
      new Promise((resolve, reject) => {
        if (isEnded(child)) return reject(new Error('the driver has ended'));
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id: lastId, request, host })}\n`);
      }),
    close: () =>
      new Promise((resolve) => {
        if (isEnded(child)) return resolve();
        child.once('exit', () => resolve());
        child.stdin.end();
      }),
  };
};

/** `POST` of `{request, host}` as JSON; the body of the response is the answer. */
export const httpDriver = (url: string): WireDriver => ({
  async ask(request, host) {
    const body = JSON.stringify({ request, host });
    const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, redirect: 'error' });
    return asAnswer(await response.json());
  },
  close: async () => undefined,
});

/** The array could not even be looked at. */
export class UnreachableTarget extends Error {
  override readonly name = 'UnreachableTarget';
  readonly failure: DriverFailure;

  constructor(failure: DriverFailure) {
    super(`${failure.code}: ${failure.message}`);
    this.failure = failure;
  }
}

const declarationOf = (described: z.infer<typeof driverDescription>): DriverDeclaration => ({
  ...described,
  capabilityDefinitions: Object.fromEntries(
    Object.entries(described.capabilityDefinitions).map(([id, { since }]) => [id, since === undefined ? {} : { since }]),
  ),
  options: z.fromJSONSchema(described.options),
});

/** A driver of this process, asked as if it were in another. */
export const ownDriver = (driver: Driver): WireDriver => ({
  ask: (request, { credentials, allowedCidrs }) =>
    serveRequest(driver, request, { credentials: async () => credentials, now: Date.now, allowedCidrs }),
  close: async () => undefined,
});

export interface WireTargetOptions {
  driver: WireDriver;
  connection: ConformanceTarget['connection'];
  credentials: Credentials;
  options: unknown;
  allowedCidrs: readonly string[];
  lacks?: ConformanceTarget['lacks'];
  newInitiator?: ConformanceTarget['newInitiator'] | undefined;
}

const foundArray = z.object({
  arrayId: z.string(),
  version: z.string(),
  account: z.object({ role: z.string() }).optional(),
  warnings: z.array(z.string()),
});

export interface WireTarget extends ConformanceTarget {
  /** What the driver told of the array and of its account when it was checked. */
  answered: z.infer<typeof foundArray>;
}

/**
 * A target behind a driver that only speaks JSON: it describes itself, the array's id is what it finds there, and what somebody else does
 * goes through the same driver.
 */
export const wireTarget = async ({ driver, lacks = [], newInitiator, ...rest }: WireTargetOptions): Promise<WireTarget> => {
  const { credentials, connection, options } = rest;
  const ask: ConformanceTarget['serve'] = (request, allowedCidrs) => driver.ask(request, { credentials, allowedCidrs });
  const output = async (request: object): Promise<unknown> => {
    const answer = await ask({ contractVersion, ...request }, rest.allowedCidrs);
    if (answer.error) throw new UnreachableTarget(answer.error);
    return answer.output;
  };
  const declaration = declarationOf(driverDescription.parse(await output({ verb: 'describe' })));
  const check = { verb: 'checkConnection', correlationId: 'conformance', deadline: Date.now() + 60_000, connection, options, credentials };
  const answered = foundArray.parse(await output(check));
  const { arrayId } = answered;
  const target = { ...rest, declaration, arrayId, lacks, serve: ask, pass: (seconds: number) => setTimeout(seconds * 1000) };
  return { ...target, answered, outsider: outsiderThrough(target), ...(newInitiator && { newInitiator }) };
};
