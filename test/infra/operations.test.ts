import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { alarmSpecs } from '../../cdk/constructs/alarm-specs.ts';
import { awsLimits } from '../../core/limits.ts';
import { drivers } from '../../drivers/registry.ts';
import { lint } from '../../statemachines/dsl/lint.ts';
import { timeouts } from '../../statemachines/dsl/timeouts.ts';
import { workflows } from '../../statemachines/registry.ts';
import { assemblyOf, propertiesOf, resourcesOf, text } from './synth.ts';

const everything = { stage: 'prod', network: 'create', arrayCidrs: '10.0.0.0/8' };
const lambda = z.looseObject({
  Timeout: z.number(),
  MemorySize: z.number(),
  Runtime: z.string(),
  Architectures: z.tuple([z.string()]),
  LoggingConfig: z.object({ LogFormat: z.string(), LogGroup: z.unknown() }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
const functions = () =>
  new Map(propertiesOf(resourcesOf('Application'), 'AWS::Lambda::Function', lambda).map(([id, each]) => [id.slice(0, -8), each]));
const typesOf = (stack: 'Application' | 'Data' | 'Network', type: string) =>
  Object.values(resourcesOf(stack, everything)).filter((each) => each.Type === type);

describe('the functions', () => {
  it('are those of this build', () => {
    expect([...functions().keys()].toSorted()).toEqual(['Api', 'Auth', 'Control', 'DriverScaleio', 'Events', 'Providers']);
  });

  it('run Node 24 on arm64, log as JSON and say how much memory they need', () => {
    for (const each of functions().values()) {
      expect([each.Runtime, each.Architectures[0], each.LoggingConfig.LogFormat]).toEqual(['nodejs24.x', 'arm64', 'JSON']);
      expect(each.MemorySize).toBeGreaterThanOrEqual(256);
    }
  });

  it('wait longer than what they wait for', () => {
    const seconds = (name: string) => functions().get(name)?.Timeout ?? 0;
    expect(seconds('DriverScaleio')).toBe(timeouts.driverFunctionSeconds);
    expect(seconds('DriverScaleio')).toBeLessThan(seconds('Control'));
    for (const workflow of workflows) for (const step of workflow.steps) expect(seconds('Control')).toBeLessThan(step.timeoutSeconds);
    for (const name of ['Api', 'Auth', 'Providers']) expect(seconds(name)).toBeLessThan(awsLimits.apiIntegrationTimeoutSeconds);
  });

  it('have an environment that fits, and only what they use in it', () => {
    for (const each of functions().values()) {
      // An ARN resolves to about as many bytes as its reference takes here, or fewer.
      expect(Buffer.byteLength(text(each.Environment.Variables))).toBeLessThan(awsLimits.lambdaEnvironmentBytes);
    }
    const names = (name: string) => Object.keys(functions().get(name)?.Environment.Variables ?? {}).toSorted();
    const data = ['COORDINATION_TABLE', 'HISTORY_TABLE', 'INVENTORY_TABLE', 'TASKS_TABLE'];
    const all = ['LOG_LEVEL', 'STAGE'];
    expect(names('DriverScaleio')).toEqual(['ARRAY_CIDRS', 'SECRET_PREFIX', ...all].toSorted());
    expect(names('Control')).toEqual([...data, ...all, 'DRIVER_FUNCTIONS'].toSorted());
    expect(names('Events')).toEqual([...data, ...all, 'DEAD_JOBS_QUEUE_URL', 'JOBS_QUEUE_URL', 'STATE_MACHINES'].toSorted());
    expect(names('Api')).toEqual([...data, ...all, 'IDENTITY_TABLE', 'STATE_MACHINES'].toSorted());
    expect(names('Auth')).toEqual(
      [...all, 'COORDINATION_TABLE', 'HISTORY_TABLE', 'IDENTITY_TABLE', 'INVENTORY_TABLE', 'ROOT_SECRET_ARN'].toSorted(),
    );
    expect(names('Providers')).toEqual(
      [...data, ...all, 'ARRAY_CIDRS', 'DRIVER_FUNCTIONS', 'IDENTITY_TABLE', 'SECRET_PREFIX', 'STATE_MACHINES'].toSorted(),
    );
  });

  it('are called by an alias', () => {
    expect(
      propertiesOf(resourcesOf('Application'), 'AWS::Lambda::Alias', z.looseObject({ Name: z.string() })).map(([, each]) => each.Name),
    ).toEqual(Array(functions().size).fill('live'));
  });
});

describe('the machines', () => {
  const schema = z.looseObject({
    StateMachineType: z.string().default('STANDARD'),
    DefinitionString: z.string(),
    LoggingConfiguration: z.looseObject({ Level: z.string(), IncludeExecutionData: z.boolean() }),
    TracingConfiguration: z.object({ Enabled: z.boolean() }),
  });
  const machines = () => propertiesOf(resourcesOf('Application'), 'AWS::StepFunctions::StateMachine', schema).map(([, each]) => each);

  it('are one for each workflow, and keep the rules as they are deployed', () => {
    expect(machines()).toHaveLength(workflows.length);
    for (const machine of machines()) {
      expect(lint(JSON.parse(machine.DefinitionString))).toEqual([]);
      expect(machine.DefinitionString.length).toBeLessThan(awsLimits.stateMachineDefinitionBytes);
      expect(machine.StateMachineType).toBe('STANDARD');
    }
  });

  it('log every step without what it carried, and are traced', () => {
    for (const machine of machines()) {
      expect(machine.LoggingConfiguration).toMatchObject({ Level: 'ALL', IncludeExecutionData: false });
      expect(machine.TracingConfiguration.Enabled).toBe(true);
    }
  });
});

describe('the queue of jobs', () => {
  const queue = z.looseObject({
    FifoQueue: z.literal(true),
    ContentBasedDeduplication: z.boolean().optional(),
    VisibilityTimeout: z.number().optional(),
    MessageRetentionPeriod: z.number().optional(),
    RedrivePolicy: z.object({ maxReceiveCount: z.number() }).loose().optional(),
  });

  it('keeps the order, hides a job for six runs, and puts it aside after five', () => {
    const queues = propertiesOf(resourcesOf('Application'), 'AWS::SQS::Queue', queue).map(([, each]) => each);
    const jobs = queues.find((each) => each.RedrivePolicy !== undefined);
    expect(jobs).toMatchObject({ ContentBasedDeduplication: false, VisibilityTimeout: 360, RedrivePolicy: { maxReceiveCount: 5 } });
    expect(queues.find((each) => each.RedrivePolicy === undefined)?.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });

  it('is spoken to over TLS only', () => {
    const policies = Object.values(resourcesOf('Application')).filter((each) => each.Type === 'AWS::SQS::QueuePolicy');
    expect(policies).toHaveLength(2);
    for (const policy of policies) expect(text(policy)).toContain('"aws:SecureTransport":"false"');
  });

  it('tells which job of a batch failed', () => {
    const mappings = propertiesOf(resourcesOf('Application'), 'AWS::Lambda::EventSourceMapping', z.looseObject({}));
    expect(mappings.map(([, each]) => [each['BatchSize'], each['FunctionResponseTypes']])).toEqual([[10, ['ReportBatchItemFailures']]]);
  });
});

describe('the events function is woken', () => {
  it('every minute, once a day, and by executions of ours that did not succeed', () => {
    const rules = propertiesOf(
      resourcesOf('Application'),
      'AWS::Events::Rule',
      z.looseObject({
        ScheduleExpression: z.string().optional(),
        EventPattern: z
          .looseObject({ detail: z.object({ status: z.array(z.string()), stateMachineArn: z.array(z.unknown()) }) })
          .optional(),
      }),
    ).map(([, each]) => each);
    expect(rules.map((each) => each.ScheduleExpression ?? each.EventPattern?.detail.status)).toEqual([
      'rate(1 minute)',
      'cron(17 3 * * ? *)',
      ['FAILED'],
      ['TIMED_OUT', 'ABORTED'],
    ]);
    for (const each of rules)
      if (each.EventPattern !== undefined) expect(each.EventPattern.detail.stateMachineArn).toHaveLength(workflows.length);
  });
});

describe('alarms', () => {
  const alarm = z.looseObject({
    AlarmDescription: z.string(),
    MetricName: z.string(),
    TreatMissingData: z.string(),
    Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
    AlarmActions: z.unknown().optional(),
  });
  const alarms = (context = {}) =>
    propertiesOf(resourcesOf('Application', context), 'AWS::CloudWatch::Alarm', alarm).map(([, each]) => each);

  it.each([
    'Errors',
    'Throttles',
    'Duration',
    '5XXError',
    'MatchedEvents',
    'ApproximateNumberOfMessagesVisible',
    'ApproximateAgeOfOldestMessage',
    'WriteThrottleEvents',
    'Tick',
    'NeedsRepair',
    'AgeingStopped',
    'ArrayIdentityChanged',
    'CapacityDifference',
  ])('watch %s', (metric) => {
    expect(alarms().map((each) => each.MetricName)).toContain(metric);
  });

  it('lead to a section of the runbook each', () => {
    for (const each of alarms()) expect(each.AlarmDescription).toMatch(/^[A-Z].*\. See docs\/operations\.md#[a-z-]+$/);
  });

  it('stay quiet when nothing happens, but for the tick that must', () => {
    expect(
      alarms()
        .filter((each) => each.TreatMissingData === 'breaching')
        .map((each) => each.MetricName),
    ).toEqual(['Tick']);
  });

  it('of what functions count are apart for each stage', () => {
    const counted = alarms({ stage: 'blue' }).filter((each) => each.Dimensions.some(({ Name }) => Name === 'service'));
    expect(counted.map((each) => each.MetricName).toSorted()).toEqual([
      'AgeingStopped',
      'ArrayIdentityChanged',
      'CapacityDifference',
      'NeedsRepair',
      'Tick',
    ]);
    for (const { Dimensions } of counted) expect(Dimensions).toContainEqual({ Name: 'stage', Value: 'blue' });
  });

  it('tell of a driver that crashed', () => {
    const errors = alarms().filter((each) => each.MetricName === 'Errors');
    expect(errors.filter((each) => text(each.Dimensions).includes('"Ref":"DriverScaleio'))).toHaveLength(1);
  });

  it('go to the topic that is given', () => {
    const topic = 'arn:aws:sns:eu-west-1:111111111111:alarms';
    expect(alarms({ alarmTopicArn: topic }).map((each) => each.AlarmActions)).toEqual([...alarmSpecs, ...drivers].map(() => [topic]));
    expect(alarms().every((each) => each.AlarmActions === undefined)).toBe(true);
  });

  it('cost a dollar a month at most, beyond the ten that are free', () => {
    expect(alarms().length).toBeLessThanOrEqual(20);
  });
});

describe('the stacks', () => {
  it('depend on each other one way: network and data, then the application', () => {
    const stacks = assemblyOf(everything).stacks;
    const needs = Object.fromEntries(
      stacks.map((stack) => [stack.id, stack.dependencies.map((each) => each.id).filter((id) => stacks.some((other) => other.id === id))]),
    );
    expect(needs).toEqual({ Network: [], Data: [], Application: expect.arrayContaining(['Network', 'Data']) });
  });

  it('stay far below the limit of resources, and the API below its own', () => {
    for (const stack of ['Network', 'Data', 'Application'] as const)
      expect(Object.keys(resourcesOf(stack, everything)).length).toBeLessThan(400);
    expect(typesOf('Application', 'AWS::ApiGateway::Resource').length).toBeLessThan(awsLimits.apiResources);
  });

  it('keep no log for ever', () => {
    const groups = (['Network', 'Application'] as const).flatMap((stack) => typesOf(stack, 'AWS::Logs::LogGroup'));
    expect(groups.length).toBeGreaterThanOrEqual(9);
    for (const group of groups) expect(group.Properties['RetentionInDays']).toBe(30);
  });

  it('hold nothing that costs by the month unless it is asked for', () => {
    const dear = /AWS::(KMS::Key|WAFv2|S3::Bucket|Cognito|EC2::NatGateway|EC2::VPCEndpoint|CloudFront)/;
    const types = (['Data', 'Application'] as const).flatMap((stack) => Object.values(resourcesOf(stack)).map((each) => each.Type));
    expect(types.filter((type) => dear.test(type))).toEqual([]);
  });

  it('fit any account and region: nothing was looked up, none is named', () => {
    for (const stack of assemblyOf(everything).stacks) {
      expect(stack.environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
      expect(text(stack.template)).not.toMatch(/\d{12}/);
    }
    expect(assemblyOf(everything).manifest.missing).toBeUndefined();
  });

  it('are synthesized without account, credentials or home', () => {
    const script = fileURLToPath(new URL('./synth-alone.ts', import.meta.url));
    const alone = spawnSync(process.execPath, ['--import', 'tsx', script], { env: {}, encoding: 'utf8' });
    expect(alone.stderr).toBe('');
    expect(alone.stdout.trim()).toBe('Data Application');
  });
});
