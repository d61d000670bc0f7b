import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Workflow } from '../../statemachines/dsl/define.ts';
import { type Config, isDisposable } from '../config.ts';
import { addAlarms } from '../constructs/alarms.ts';
import { driverSpec, type FunctionName, functionSpecs } from '../constructs/function-specs.ts';
import { makeFunction, operatorEnvironment } from '../constructs/functions.ts';
import { EventSources, JobQueues } from '../constructs/jobs.ts';
import type { FunctionNetwork, NodeFunction } from '../constructs/node-function.ts';
import { PatinaApi } from '../constructs/rest-api.ts';
import type { SeparateRoute } from '../constructs/routes.ts';
import { StateMachines } from '../constructs/state-machines.ts';
import type { Tables } from '../constructs/tables.ts';
import type { Surroundings } from '../constructs/uses.ts';

export interface ApplicationStackProps extends StackProps {
  readonly config: Config;
  readonly tables: Tables;
  readonly rootSecret: ISecret;
  readonly driverNetwork: FunctionNetwork | undefined;
  readonly driverTypes: readonly string[];
  readonly workflows: readonly Workflow[];
  readonly routes: readonly SeparateRoute[];
  readonly codeOf: (functionName: string) => Code;
}

/** Everything without state of its own. Drivers first, then who calls them, then the machines, then who starts those: no cycle. */
export class ApplicationStack extends Stack {
  readonly #props: ApplicationStackProps;
  readonly #queues: JobQueues;

  constructor(scope: Construct, props: ApplicationStackProps) {
    super(scope, 'Application', { ...props, terminationProtection: !isDisposable(props.config) });
    this.#props = props;
    this.#queues = new JobQueues(this, 'Queues');
    const drivers = Object.fromEntries(props.driverTypes.map((type) => [type, this.#driver(type)]));
    const control = this.#function('control', { drivers, machines: {} });
    const machines = new StateMachines(this, 'Workflows', {
      workflows: props.workflows,
      control: control.alias,
      logRetentionDays: props.config.logRetentionDays,
      isDisposable: isDisposable(props.config),
    }).byWorkflow;
    const made = (name: FunctionName): NodeFunction => this.#function(name, { drivers, machines });
    this.#connect(
      { api: made('api'), auth: made('auth'), providers: made('providers'), events: made('events'), control },
      { drivers, machines },
    );
  }

  #around(made: Pick<Surroundings, 'drivers' | 'machines'>): Surroundings {
    const { config, rootSecret, driverTypes } = this.#props;
    return { config, rootSecret, driverTypes, jobs: this.#queues.jobs, deadJobs: this.#queues.deadJobs, ...made };
  }

  #driver(type: string): NodeFunction {
    return makeFunction({ scope: this, ...this.#props }, driverSpec(type), this.#around({ drivers: {}, machines: {} }));
  }

  #function(name: FunctionName, made: Pick<Surroundings, 'drivers' | 'machines'>): NodeFunction {
    return makeFunction({ scope: this, ...this.#props }, functionSpecs[name], this.#around(made));
  }

  #connect(
    functions: Readonly<Record<FunctionName, NodeFunction>>,
    { drivers, machines }: Pick<Surroundings, 'drivers' | 'machines'>,
  ): void {
    const { config, routes, tables } = this.#props;
    const sources = new EventSources(this, 'Sources', {
      events: functions.events.alias,
      jobs: this.#queues.jobs,
      machines: Object.values(machines),
    });
    const { restApi } = new PatinaApi(this, 'RestApi', {
      config,
      routes,
      api: functions.api.alias,
      auth: functions.auth.alias,
      providers: functions.providers.alias,
    });
    addAlarms(this, { config, functions, drivers, tables, queues: this.#queues, sources, restApi });
    new CfnOutput(this, 'ApiUrl', { value: config.domainName === undefined ? restApi.url : `https://${config.domainName}/` });
    new CfnOutput(this, 'RootSecretArn', { value: this.#props.rootSecret.secretArn });
    new CfnOutput(this, 'OperatorEnvironment', {
      value: this.toJsonString(operatorEnvironment(tables, this.#around({ drivers, machines }))),
      description: 'For tools that an operator runs: names of the tables, state machines and driver functions',
    });
  }
}
