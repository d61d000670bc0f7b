/** Every resource type the host runs. A type stands here or in `ignoredTypes`; any other stops the boot. */
export const implementedTypes = [
  'AWS::ApiGateway::Account',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::Rule',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
] as const;

export type ImplementedType = (typeof implementedTypes)[number];

const network = 'the host has one network, the loopback interface';
const names = 'the API answers on loopback under no domain';
const watching = 'the host serves its counters on the control port';

/** Types that change nothing on one machine, each with the reason. */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::BasePathMapping': names,
  'AWS::ApiGateway::DomainName': names,
  'AWS::CDK::Metadata': 'only statistics for AWS',
  'AWS::CloudWatch::Alarm': watching,
  'AWS::CloudWatch::CompositeAlarm': watching,
  'AWS::CloudWatch::Dashboard': watching,
  'AWS::EC2::FlowLog': network,
  'AWS::EC2::RouteTable': network,
  'AWS::EC2::SecurityGroup': network,
  'AWS::EC2::SecurityGroupEgress': network,
  'AWS::EC2::SecurityGroupIngress': network,
  'AWS::EC2::Subnet': network,
  'AWS::EC2::SubnetRouteTableAssociation': network,
  'AWS::EC2::VPC': network,
  'AWS::EC2::VPCEndpoint': network,
  'AWS::Logs::LogGroup': 'output of functions goes to the log file of the host',
  'AWS::Logs::MetricFilter': watching,
  'AWS::Logs::ResourcePolicy': 'output of functions goes to the log file of the host',
  'AWS::Route53::RecordSet': names,
};

export const isImplemented = (type: string): type is ImplementedType => implementedTypes.some((known) => known === type);
