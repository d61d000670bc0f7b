import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Application, Resource } from '../assembly/application.ts';
import { AssemblyError } from '../assembly/load.ts';
import { readProperties } from '../assembly/read-properties.ts';
import type { Json } from '../assembly/template.ts';
import type { Clock, Timer } from '../ports.ts';
import { type Matches, patternOf } from './pattern.ts';
import { type Schedule, scheduleOf } from './schedule.ts';

export interface Target {
  /** A function's, alias's or queue's ARN. */
  readonly arn: string;
  /** Instead of the event. */
  readonly input?: string;
  readonly messageGroupId?: string;
}

export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly isEnabled: boolean;
  readonly schedule?: Schedule;
  readonly matches?: Matches;
  readonly targets: readonly Target[];
}

/** An event as EventBridge carries it. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly [field: string]: unknown;
}

export interface RulesOptions {
  readonly rules: readonly Rule[];
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  /** Hands an event's JSON text to a target. */
  readonly deliver: (rule: Rule, target: Target, payload: string) => void;
}

export interface Rules {
  /** Gives the event to every enabled rule whose pattern it fits. */
  publish(event: BusEvent): void;
  /** Fires a scheduled rule now, by its name; answers whether there is such a rule. */
  fire(ruleName: string): boolean;
  /** Fires at once what comes at least hourly: while no host ran it was missed. */
  catchUp(): void;
  close(): void;
}

const properties = z.object({
  EventBusName: z.literal('default').default('default'),
  ScheduleExpression: z.string().optional(),
  EventPattern: z.json().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        Input: z.string().optional(),
        SqsParameters: z.object({ MessageGroupId: z.string() }).optional(),
      }),
    )
    .default([]),
});

function targetOf(rule: Resource, { Arn, Input, SqsParameters }: z.infer<typeof properties>['Targets'][number]): Target {
  const service = Arn.split(':')[2];
  if (service !== 'lambda' && service !== 'sqs')
    throw new AssemblyError(`${rule.stackName}/${rule.logicalId}: the host cannot send events to ${Arn}`);
  return {
    arn: Arn,
    ...(Input === undefined ? {} : { input: Input }),
    ...(SqsParameters === undefined ? {} : { messageGroupId: SqsParameters.MessageGroupId }),
  };
}

/** The rules of the application; throws `AssemblyError` for schedules, patterns and targets that the host does not know. */
export function rulesOf(application: Application, arnOf: (ruleName: string) => string): Rule[] {
  return application.ofType('AWS::Events::Rule').map((resource) => {
    const { ScheduleExpression, EventPattern, State, Targets } = readProperties(resource, properties);
    return {
      name: resource.name,
      arn: arnOf(resource.name),
      isEnabled: State === 'ENABLED',
      ...(ScheduleExpression === undefined ? {} : { schedule: scheduleOf(ScheduleExpression) }),
      ...(EventPattern === undefined ? {} : { matches: patternOf(EventPattern) }),
      targets: Targets.map((target) => targetOf(resource, target)),
    };
  });
}

const hourMs = 3_600_000;

const isFrequent = ({ schedule }: Rule, from: number): boolean => (schedule?.(from) ?? Number.POSITIVE_INFINITY) - from < hourMs;

export function startRules({ rules, clock, region, accountId, deliver }: RulesOptions): Rules {
  const timers = new Map<Rule, Timer>();

  const send = (rule: Rule, event: BusEvent) => {
    for (const target of rule.targets) deliver(rule, target, target.input ?? JSON.stringify(event));
  };

  const scheduled = (rule: Rule, dueAt: number): BusEvent => ({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: new Date(dueAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [rule.arn],
    detail: {},
  });

  const arm = (rule: Rule, from: number) => {
    const dueAt = rule.schedule?.(from);
    if (dueAt === undefined) return;
    const run = () => {
      arm(rule, Math.max(dueAt, clock.now()));
      send(rule, scheduled(rule, dueAt));
    };
    timers.set(rule, clock.after(dueAt - clock.now(), run));
  };

  const enabled = rules.filter(({ isEnabled }) => isEnabled);
  for (const rule of enabled) arm(rule, clock.now());
  return {
    publish(event) {
      for (const rule of enabled) if (rule.matches?.(event as Json) === true) send(rule, event);
    },
    fire(ruleName) {
      const rule = rules.find(({ name, schedule }) => name === ruleName && schedule !== undefined);
      if (rule !== undefined) send(rule, scheduled(rule, clock.now()));
      return rule !== undefined;
    },
    catchUp() {
      for (const rule of enabled) if (isFrequent(rule, clock.now())) send(rule, scheduled(rule, clock.now()));
    },
    close() {
      for (const timer of timers.values()) timer.cancel();
    },
  };
}
