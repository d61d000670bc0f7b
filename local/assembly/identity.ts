import { createHash } from 'node:crypto';
import type { ImplementedType } from './resource-types.ts';

type Late = () => string;

/** What other resources may learn of a resource; late, since queue URLs and secret ARNs are known only once their endpoints run. */
export interface Identity {
  readonly name: string;
  readonly ref: Late;
  readonly attributes: Readonly<Record<string, Late>>;
}

export interface IdentitySource {
  readonly stackName: string;
  readonly logicalId: string;
  /** A property of the resource, resolved; undefined when the template leaves it out. */
  property(name: string): unknown;
  arn(service: string, resource: string): string;
  queueUrl(queueName: string): string;
  secretArn(secretName: string): string;
}

interface Kind {
  readonly nameProperty?: string;
  readonly maxCharacters: number;
  identify(source: IdentitySource, name: string): Omit<Identity, 'name'>;
}

const digest = (text: string, characters: number): string => createHash('sha256').update(text).digest('hex').slice(0, characters);

const nameOnly: Kind = { maxCharacters: 255, identify: (_, name) => ({ ref: () => name, attributes: {} }) };

const generatedId = ({ stackName, logicalId }: IdentitySource): string => digest(`${stackName}/${logicalId}`, 10);

const withId = (idAttribute: string): Kind => ({
  maxCharacters: 255,
  identify: (source) => ({ ref: () => generatedId(source), attributes: { [idAttribute]: () => generatedId(source) } }),
});

const withArn = (nameProperty: string, maxCharacters: number, arnOf: (source: IdentitySource, name: string) => string): Kind => ({
  nameProperty,
  maxCharacters,
  identify: (source, name) => ({ ref: () => name, attributes: { Arn: () => arnOf(source, name) } }),
});

const isArn = (nameProperty: string, maxCharacters: number, arnOf: (source: IdentitySource, name: string) => string): Kind => ({
  nameProperty,
  maxCharacters,
  identify(source, name) {
    const arn = () => arnOf(source, name);
    return { ref: arn, attributes: { Arn: arn, AliasArn: arn, PolicyArn: arn, FunctionArn: arn, Name: () => name } };
  },
});

const table = withArn('TableName', 255, (source, name) => source.arn('dynamodb', `table/${name}`));

/** `name`, `name:qualifier`, `arn:…:function:name` and `arn:…:function:name:qualifier` all mean the function `name`. */
export const functionNameOf = (nameOrArn: string): string => nameOrArn.split(':')[nameOrArn.startsWith('arn:') ? 6 : 0] ?? '';

const functionArn = (source: IdentitySource): string =>
  source.arn('lambda', `function:${functionNameOf(String(source.property('FunctionName')))}`);

const kinds: Readonly<Record<ImplementedType, Kind>> = {
  'AWS::ApiGateway::Account': nameOnly,
  'AWS::ApiGateway::Deployment': withId('DeploymentId'),
  'AWS::ApiGateway::GatewayResponse': nameOnly,
  'AWS::ApiGateway::Method': nameOnly,
  'AWS::ApiGateway::Resource': withId('ResourceId'),
  'AWS::ApiGateway::RestApi': {
    maxCharacters: 255,
    identify(source) {
      const id = generatedId(source);
      return { ref: () => id, attributes: { RestApiId: () => id, RootResourceId: () => `${id}root` } };
    },
  },
  'AWS::ApiGateway::Stage': { ...nameOnly, nameProperty: 'StageName' },
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': withArn('Name', 64, (source, name) => source.arn('events', `rule/${name}`)),
  'AWS::IAM::ManagedPolicy': isArn('ManagedPolicyName', 128, (source, name) => source.arn('iam', `policy/${name}`)),
  'AWS::IAM::Policy': nameOnly,
  'AWS::IAM::Role': withArn('RoleName', 64, (source, name) => source.arn('iam', `role/${name}`)),
  'AWS::Lambda::Alias': isArn('Name', 128, (source, name) => `${functionArn(source)}:${name}`),
  'AWS::Lambda::EventInvokeConfig': nameOnly,
  'AWS::Lambda::EventSourceMapping': nameOnly,
  'AWS::Lambda::Function': withArn('FunctionName', 64, (source, name) => source.arn('lambda', `function:${name}`)),
  'AWS::Lambda::Permission': nameOnly,
  'AWS::Lambda::Version': {
    maxCharacters: 255,
    identify(source) {
      const arn = () => `${functionArn(source)}:1`;
      return { ref: arn, attributes: { FunctionArn: arn, Version: () => '1' } };
    },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    maxCharacters: 80,
    identify(source, name) {
      const url = () => source.queueUrl(name);
      return { ref: url, attributes: { Arn: () => source.arn('sqs', name), QueueName: () => name, QueueUrl: url } };
    },
  },
  'AWS::SQS::QueuePolicy': nameOnly,
  'AWS::SecretsManager::ResourcePolicy': nameOnly,
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    maxCharacters: 512,
    identify(source, name) {
      const arn = () => source.secretArn(name);
      return { ref: arn, attributes: { Id: arn } };
    },
  },
  'AWS::StepFunctions::StateMachine': isArn('StateMachineName', 80, (source, name) => source.arn('states', `stateMachine:${name}`)),
};

function generatedName({ stackName, logicalId, property }: IdentitySource, maxCharacters: number): string {
  const suffix = property('FifoQueue') === true ? '.fifo' : '';
  const name = `${stackName}-${logicalId}`;
  const room = maxCharacters - suffix.length;
  return (name.length <= room ? name : `${name.slice(0, room - 9)}-${digest(name, 8)}`) + suffix;
}

/** The same resource has the same name at every start: names come from the template or from stack and logical id. */
export function identify(type: ImplementedType, source: IdentitySource): Identity {
  const { nameProperty, maxCharacters, identify: known } = kinds[type];
  const given = nameProperty === undefined ? undefined : source.property(nameProperty);
  const name = typeof given === 'string' ? given : generatedName(source, maxCharacters);
  return { name, ...known(source, name) };
}
