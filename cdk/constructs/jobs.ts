import { Duration } from 'aws-cdk-lib';
import { Rule, type RuleProps, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { type Alias, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { functionSpecs } from './function-specs.ts';
import { asFunction } from './interfaces.ts';

/** Scheduled work waits here, in order for each array and kind. What five attempts could not do waits for an operator. */
export class JobQueues extends Construct {
  readonly jobs: Queue;
  readonly deadJobs: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadJobs = new Queue(this, 'DeadJobs', { fifo: true, enforceSSL: true, retentionPeriod: Duration.days(14) });
    this.jobs = new Queue(this, 'Jobs', {
      fifo: true,
      contentBasedDeduplication: false,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(6 * functionSpecs.events.timeoutSeconds),
      deadLetterQueue: { queue: this.deadJobs, maxReceiveCount: 5 },
    });
  }
}

export interface EventSourcesProps {
  readonly events: Alias;
  readonly jobs: Queue;
  readonly machines: readonly StateMachine[];
}

/** Told by its input, since all schedules look alike. */
const dailyInput = { source: 'patina.daily' } as const;

/** What wakes the events function: the minute, the day, a job, an execution that did not succeed. */
export class EventSources extends Construct {
  readonly tick: Rule;
  readonly daily: Rule;
  /** Ended by our own Fail states, or by an error nothing caught. */
  readonly failed: Rule;
  /** Ended from outside: timed out or stopped. Neither ever happens in normal operation. */
  readonly lost: Rule;

  constructor(scope: Construct, id: string, props: EventSourcesProps) {
    super(scope, id);
    const rule = (ruleId: string, options: RuleProps) =>
      new Rule(this, ruleId, { ...options, targets: [new LambdaFunction(asFunction(props.events))] });
    const ended = (statuses: readonly string[]) => ({
      source: ['aws.states'],
      detailType: ['Step Functions Execution Status Change'],
      detail: { status: [...statuses], stateMachineArn: props.machines.map((machine) => machine.stateMachineArn) },
    });
    this.tick = rule('Tick', { schedule: Schedule.rate(Duration.minutes(1)) });
    this.daily = new Rule(this, 'Daily', {
      schedule: Schedule.cron({ hour: '3', minute: '17' }),
      targets: [new LambdaFunction(asFunction(props.events), { event: RuleTargetInput.fromObject(dailyInput) })],
    });
    this.failed = rule('ExecutionFailed', { eventPattern: ended(['FAILED']) });
    this.lost = rule('ExecutionLost', { eventPattern: ended(['TIMED_OUT', 'ABORTED']) });
    new EventSourceMapping(this, 'JobsMapping', {
      target: asFunction(props.events),
      eventSourceArn: props.jobs.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
    });
  }
}
