import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../ports.ts';
import { type OnStorageFailure, storageCodeOf } from '../storage-failure.ts';
import { type Execution, executionSchema, type HistoryEvent, historyEventSchema, type Outcome, type Position } from './execution.ts';
import { Journal } from './journal.ts';

const lineSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('execution'), execution: executionSchema }),
  z.object({
    kind: z.literal('event'),
    arn: z.string(),
    event: historyEventSchema,
    position: executionSchema.shape.position,
    transitions: z.number(),
  }),
]);

/** AWS keeps ended executions this long; the number is ours, so that a busy host stays small. */
const KEEP_MS = 90 * 86_400_000;
const KEEP_ENDED = 10_000;

interface Kept {
  execution: Execution;
  /** Of a running execution; those of an ended one lie in its history file. */
  events: HistoryEvent[];
}

/** All executions of the host: in memory, and in a journal from which they come back after a crash. */
export class ExecutionStore {
  readonly #kept = new Map<string, Kept>();
  readonly #journal: Journal;
  readonly #historyDir: string;
  readonly #clock: Clock;
  readonly #onStorageFailure: OnStorageFailure;

  /** `onStorageFailure` is told of what could not be kept, before that is thrown. */
  constructor(dataDir: string, clock: Clock, onStorageFailure: OnStorageFailure = () => undefined) {
    this.#onStorageFailure = onStorageFailure;
    this.#historyDir = join(dataDir, 'history');
    mkdirSync(this.#historyDir, { recursive: true, mode: 0o700 });
    this.#journal = new Journal(join(dataDir, 'executions.jsonl'));
    this.#clock = clock;
    for (const line of this.#journal.read()) this.#replay(line);
    this.#forgetOld();
    this.#journal.rewrite(this.#snapshot());
  }

  find(arn: string): Execution | undefined {
    return this.#kept.get(arn)?.execution;
  }

  /** In the order they started. */
  list(): Execution[] {
    return [...this.#kept.values()].map(({ execution }) => execution);
  }

  add(execution: Execution): void {
    this.#kept.set(execution.arn, { execution, events: [] });
    this.#write({ kind: 'execution', execution });
  }

  history(arn: string): readonly HistoryEvent[] {
    const kept = this.#kept.get(arn);
    return kept === undefined || kept.execution.status === 'RUNNING' ? (kept?.events ?? []) : this.#readHistory(arn);
  }

  /** Gives the event its number and keeps it; with a position, the execution has moved there. Returns the number of events. */
  record(arn: string, event: Pick<HistoryEvent, 'type'>, position?: Position): number {
    const { execution, events } = this.#running(arn);
    const id = events.length + 1;
    const numbered = { ...event, id, previousEventId: id - 1, timestamp: this.#clock.now() / 1000 };
    events.push(numbered);
    if (position !== undefined) execution.position = position;
    this.#write({ kind: 'event', arn, event: numbered, position, transitions: execution.transitions });
    return id;
  }

  countTransition(arn: string): void {
    this.#running(arn).execution.transitions += 1;
  }

  end(arn: string, outcome: Outcome): Execution {
    const kept = this.#running(arn);
    this.#telling(() => writeFileSync(this.#historyFile(arn), JSON.stringify(kept.events), { mode: 0o600 }));
    kept.events = [];
    Object.assign(kept.execution, outcome, { stoppedAt: this.#clock.now() });
    this.#write({ kind: 'execution', execution: kept.execution });
    return kept.execution;
  }

  /** Makes an ended execution run again; its history goes on. */
  reopen(arn: string): Execution {
    const kept = this.#get(arn);
    kept.events = [...this.#readHistory(arn)];
    const { stoppedAt: _s, output: _o, error: _e, cause: _c, ...rest } = kept.execution;
    kept.execution = { ...rest, status: 'RUNNING', redrives: rest.redrives + 1, redrivenAt: this.#clock.now() };
    this.#write(...linesOf(kept));
    return kept.execution;
  }

  close(): void {
    this.#journal.close();
  }

  #get(arn: string): Kept {
    const kept = this.#kept.get(arn);
    if (kept === undefined) throw new Error(`no execution ${arn}`);
    return kept;
  }

  #running(arn: string): Kept {
    const kept = this.#get(arn);
    if (kept.execution.status !== 'RUNNING') throw new Error(`execution ${arn} has ended`);
    return kept;
  }

  #write(...lines: Line[]): void {
    this.#telling(() => {
      for (const line of lines) this.#journal.append(line);
      if (!this.#journal.isLong()) return;
      this.#forgetOld();
      this.#journal.rewrite(this.#snapshot());
    });
  }

  #telling(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (storageCodeOf(error) !== undefined) this.#onStorageFailure(error);
      throw error;
    }
  }

  #replay(raw: unknown): void {
    const { data: line } = lineSchema.safeParse(raw);
    if (line?.kind === 'execution') this.#kept.set(line.execution.arn, { execution: line.execution, events: [] });
    if (line?.kind === 'event') this.#replayEvent(line);
  }

  #replayEvent(line: Extract<Line, { kind: 'event' }>): void {
    const kept = this.#kept.get(line.arn);
    if (kept?.execution.status !== 'RUNNING') return;
    kept.events.push(line.event);
    kept.execution.transitions = line.transitions;
    if (line.position !== undefined) kept.execution.position = line.position;
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - KEEP_MS;
    const ended = this.list().filter(({ status }) => status !== 'RUNNING');
    const surplus = ended.length - KEEP_ENDED;
    for (const [index, { arn, stoppedAt = 0 }] of ended.entries()) {
      if (index >= surplus && stoppedAt >= oldest) continue;
      this.#kept.delete(arn);
      rmSync(this.#historyFile(arn), { force: true });
    }
  }

  #snapshot(): Line[] {
    return [...this.#kept.values()].flatMap(linesOf);
  }

  #historyFile(arn: string): string {
    return join(this.#historyDir, `${createHash('sha256').update(arn).digest('hex')}.json`);
  }

  #readHistory(arn: string): readonly HistoryEvent[] {
    const file = this.#historyFile(arn);
    return existsSync(file) ? z.array(historyEventSchema).parse(JSON.parse(readFileSync(file, 'utf8'))) : [];
  }
}

type Line = z.input<typeof lineSchema>;

const linesOf = ({ execution, events }: Kept): Line[] => [
  { kind: 'execution', execution },
  ...events.map((event) => ({ kind: 'event' as const, arn: execution.arn, event, transitions: execution.transitions })),
];
