import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ISecurityGroup, ISubnet, IVpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Architecture, type Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { grantWildcard } from './acknowledge.ts';
import type { FunctionSpec } from './function-specs.ts';
import { asVersion } from './interfaces.ts';

export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly securityGroup: ISecurityGroup;
}

export interface NodeFunctionProps {
  readonly spec: FunctionSpec;
  readonly code: Code;
  readonly logRetentionDays: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Absent: outside any VPC. */
  readonly network?: FunctionNetwork | undefined;
}

const networkInterfaceActions = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/** A Lambda function with a role and a log group of its own. Everybody calls `alias`, so that a new version takes over at once or not at all. */
export class NodeFunction extends Construct {
  readonly role: Role;
  readonly alias: Alias;
  readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { spec } = props;
    const logGroup = new LogGroup(this, 'Logs', { retention: props.logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [logGroup.logGroupArn] }),
    );
    this.lambda = new LambdaFunction(this, 'Resource', {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: spec.memoryMegabytes,
      timeout: Duration.seconds(spec.timeoutSeconds),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: { ...props.environment },
      ...this.#vpcProps(props.network),
    });
    this.alias = new Alias(this, 'Live', { aliasName: 'live', version: asVersion(this.lambda.currentVersion) });
  }

  #vpcProps(network: FunctionNetwork | undefined) {
    if (network === undefined) return {};
    grantWildcard(this.role, {
      actions: networkInterfaceActions,
      resource: '*',
      reason: 'Lambda makes the network interfaces of a VPC function with its role; EC2 knows no narrower resource for them',
    });
    return { vpc: network.vpc, vpcSubnets: { subnets: [...network.subnets] }, securityGroups: [network.securityGroup] };
  }
}
