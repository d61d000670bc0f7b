import { aFunction, type FixtureParts } from './assembly.ts';

/** What a fixture function does by an AWS endpoint, without an SDK. */
const call = `
const call = async (service, target, body) => {
  const response = await fetch(process.env['AWS_ENDPOINT_URL_' + service], {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': target,
      Authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20300101/us-east-1/x/aws4_request, SignedHeaders=host, Signature=x',
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
};
const put = (id) => call('DYNAMODB', 'DynamoDB_20120810.PutItem', { TableName: process.env.TABLE, Item: { pk: { S: id } } });
const get = (id) => call('DYNAMODB', 'DynamoDB_20120810.GetItem', { TableName: process.env.TABLE, Key: { pk: { S: id } } });
const start = (name) => call('SFN', 'AWSStepFunctions.StartExecution', { stateMachineArn: process.env.MACHINE, name, input: '{}' });
`;

const api = `${call}
exports.handler = async ({ httpMethod, path }) => {
  const id = path.slice(1);
  const done = httpMethod === 'PUT' ? await put(id) : httpMethod === 'POST' ? await start(id) : await get(id);
  return { statusCode: done.status, body: JSON.stringify(done) };
};`;

/** Fails in the machine; keeps what rules send it. */
const events = `${call}
exports.handler = async (event) => {
  if (event.fail) throw Object.assign(new Error('on purpose'), { name: 'OnPurpose' });
  await put(event.detail.name ?? 'tick');
};`;

const role = (service: string, Statement: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    },
    Policies: [{ PolicyName: 'Own', PolicyDocument: { Version: '2012-10-17', Statement } }],
  },
});

const allow = (Action: string, Resource: object) => ({ Effect: 'Allow', Action, Resource });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

const permission = (logicalId: string, Principal: string, SourceArn: object) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { Action: 'lambda:InvokeFunction', FunctionName: arnOf(logicalId), Principal, SourceArn },
});

const asl = {
  StartAt: 'Fail',
  States: {
    Fail: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: '${control}', Payload: { fail: true } },
      TimeoutSeconds: 10,
      Retry: [
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1, BackoffRate: 2, MaxDelaySeconds: 2, JitterStrategy: 'FULL' },
      ],
      End: true,
    },
  },
};

const rule = (properties: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: { ...properties, Targets: [{ Id: 'x', Arn: arnOf('Events') }] },
});
const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

const resources = {
  Table: {
    Type: 'AWS::DynamoDB::GlobalTable',
    Properties: {
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    },
  },
  Root: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Name: 'demo/root',
      GenerateSecretString: { SecretStringTemplate: '{"username":"root"}', GenerateStringKey: 'password', PasswordLength: 20 },
    },
  },
  ApiRole: role('lambda.amazonaws.com', [allow('dynamodb:GetItem', arnOf('Table')), allow('states:StartExecution', { Ref: 'Machine' })]),
  EventsRole: role('lambda.amazonaws.com', [allow('dynamodb:PutItem', arnOf('Table'))]),
  MachineRole: role('states.amazonaws.com', [allow('lambda:InvokeFunction', arnOf('Events'))]),
  ApiFunction: aFunction('api', {
    Role: arnOf('ApiRole'),
    Environment: { Variables: { TABLE: { Ref: 'Table' }, MACHINE: { Ref: 'Machine' } } },
  }),
  Events: aFunction('events', { Role: arnOf('EventsRole'), Environment: { Variables: { TABLE: { Ref: 'Table' } } } }),
  Machine: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      RoleArn: arnOf('MachineRole'),
      DefinitionString: JSON.stringify(asl),
      DefinitionSubstitutions: { control: arnOf('Events') },
    },
  },
  Tick: rule({ ScheduleExpression: 'rate(1 minute)' }),
  Failed: rule({ EventPattern: { source: ['aws.states'], detail: { status: ['FAILED'], stateMachineArn: [{ Ref: 'Machine' }] } } }),
  TickMay: permission('Events', 'events.amazonaws.com', arnOf('Tick')),
  FailedMay: permission('Events', 'events.amazonaws.com', arnOf('Failed')),
  ApiMay: permission('ApiFunction', 'apigateway.amazonaws.com', { 'Fn::Sub': 'arn:aws:execute-api:us-east-1:000000000000:${Api}/*' }),
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'dev' } },
  Any: { Type: 'AWS::ApiGateway::Resource', Properties: { ParentId: root, PathPart: '{proxy+}' } },
  AnyMethod: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      HttpMethod: 'ANY',
      ResourceId: { Ref: 'Any' },
      Integration: {
        Type: 'AWS_PROXY',
        Uri: { 'Fn::Sub': 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${ApiFunction.Arn}/invocations' },
      },
    },
  },
};

/**
 * A small application with a part of each kind. GET /x reads the item x; PUT /x tries to write it, which the role does not allow;
 * POST /x starts an execution x, which fails, whereupon a rule writes the item x. The tick writes the item `tick`.
 */
export const hostParts: FixtureParts = { stacks: { Demo: { Resources: resources } }, code: { api, events } };
