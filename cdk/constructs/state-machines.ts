import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { compile } from '../../statemachines/dsl/compile.ts';
import type { Workflow } from '../../statemachines/dsl/define.ts';
import { lintWorkflow } from '../../statemachines/dsl/lint-workflow.ts';
import { acknowledge } from './acknowledge.ts';
import { constructId } from './construct-id.ts';

export interface StateMachinesProps {
  readonly workflows: readonly Workflow[];
  readonly control: Alias;
  readonly logRetentionDays: number;
  readonly isDisposable: boolean;
}

const definitionOf = (workflow: Workflow): string => {
  const findings = lintWorkflow(workflow);
  if (findings.length > 0) throw new Error(`workflow ${workflow.name}: ${findings.join('; ')}`);
  return JSON.stringify(compile(workflow));
};

/** One machine for each workflow. Their one role invokes the control function's alias, so that fixed code reaches running executions. */
export class StateMachines extends Construct {
  readonly byWorkflow: Readonly<Record<string, StateMachine>>;

  constructor(scope: Construct, id: string, props: StateMachinesProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.control.functionArn] }));
    acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'Log delivery and X-Ray have no resources to name');
    const logs = new LogGroup(this, 'Logs', {
      // Names with this prefix need no entry each in the account's log policy, which has a size limit.
      logGroupName: `/aws/vendedlogs/states/${Stack.of(this).stackName}`,
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = (workflow: Workflow) =>
      new StateMachine(this, constructId(workflow.name), {
        stateMachineType: StateMachineType.STANDARD,
        definitionBody: DefinitionBody.fromString(definitionOf(workflow)),
        definitionSubstitutions: { control: props.control.functionArn },
        role,
        tracingEnabled: true,
        logs: { destination: logs, level: LogLevel.ALL, includeExecutionData: false },
        removalPolicy: props.isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      });
    this.byWorkflow = Object.fromEntries(props.workflows.map((workflow) => [workflow.name, machine(workflow)]));
  }
}
