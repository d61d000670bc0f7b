import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Alarm, ComparisonOperator, type IAlarmAction, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { type AlarmSpec, alarmSpecs, driverErrors, type Watched } from './alarm-specs.ts';
import type { FunctionName } from './function-specs.ts';
import type { EventSources, JobQueues } from './jobs.ts';
import type { NodeFunction } from './node-function.ts';
import type { Tables } from './tables.ts';

export interface AlarmSurroundings {
  readonly config: Config;
  readonly functions: Readonly<Record<FunctionName, NodeFunction>>;
  /** By type; each is watched alike. */
  readonly drivers: Readonly<Record<string, NodeFunction>>;
  readonly tables: Tables;
  readonly queues: JobQueues;
  readonly sources: EventSources;
  readonly restApi: RestApi;
}

interface MetricAddress {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensionsMap: Readonly<Record<string, string>>;
}

const ofFunction = (metricName: string, { lambda }: NodeFunction): MetricAddress => ({
  namespace: 'AWS/Lambda',
  metricName,
  dimensionsMap: { FunctionName: lambda.functionName },
});

const driverOf = ({ drivers }: AlarmSurroundings, type: string): NodeFunction => {
  const driver = drivers[type];
  if (driver === undefined) throw new Error(`there is no driver ${type} to watch`);
  return driver;
};

const addressOf = (watched: Watched, around: AlarmSurroundings): MetricAddress => {
  switch (watched.of) {
    case 'function':
      return ofFunction(watched.metric, around.functions[watched.name]);
    case 'driver':
      return ofFunction(watched.metric, driverOf(around, watched.type));
    case 'rule':
      return {
        namespace: 'AWS/Events',
        metricName: 'MatchedEvents',
        dimensionsMap: { RuleName: around.sources[watched.name].ruleName },
      };
    case 'queue':
      return {
        namespace: 'AWS/SQS',
        metricName: watched.metric,
        dimensionsMap: { QueueName: around.queues[watched.name].queueName },
      };
    case 'table':
      return {
        namespace: 'AWS/DynamoDB',
        metricName: watched.metric,
        dimensionsMap: { TableName: around.tables[watched.name].tableName },
      };
    case 'api':
      return {
        namespace: 'AWS/ApiGateway',
        metricName: watched.metric,
        dimensionsMap: { ApiName: around.restApi.restApiName, Stage: around.restApi.deploymentStage.stageName },
      };
    case 'product':
      return {
        namespace: 'Patina',
        metricName: watched.metric,
        dimensionsMap: { service: watched.service, stage: around.config.stage },
      };
  }
};

const makeAlarm = (scope: Construct, spec: AlarmSpec, around: AlarmSurroundings): Alarm =>
  new Alarm(scope, spec.name, {
    alarmDescription: `${spec.says}. See docs/operations.md#${spec.runbook}`,
    metric: new Metric({
      ...addressOf(spec.watched, around),
      statistic: spec.statistic,
      period: Duration.minutes(spec.periodMinutes),
    }),
    evaluationPeriods: spec.periods,
    threshold: spec.threshold,
    comparisonOperator: spec.below === true ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: spec.missingIsBreaching === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });

export const addAlarms = (scope: Construct, around: AlarmSurroundings): void => {
  const alarms = new Construct(scope, 'Alarms');
  const { alarmTopicArn } = around.config;
  const actions: IAlarmAction[] = alarmTopicArn === undefined ? [] : [new SnsAction(Topic.fromTopicArn(alarms, 'Topic', alarmTopicArn))];
  const specs = [...alarmSpecs, ...Object.keys(around.drivers).map(driverErrors)];
  for (const spec of specs) makeAlarm(alarms, spec, around).addAlarmAction(...actions);
};
