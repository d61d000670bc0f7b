import { describe, expect, it } from 'vitest';
import { openApplication } from '../../../../local/assembly/application.ts';
import { refuseWhatAwsRefuses } from '../../../../local/assembly/limits.ts';
import { loadAssembly } from '../../../../local/assembly/load.ts';
import { aFunction, writeAssembly } from '../../../support/assembly.ts';

const late = { queueUrl: (name: string) => name, secretArn: (name: string) => name };

function check(Resources: Record<string, object>): void {
  const { folder, remove } = writeAssembly({ stacks: { App: { Resources } }, code: { abc: '' } });
  try {
    refuseWhatAwsRefuses([], openApplication(loadAssembly(folder), { region: 'us-east-1', accountId: '000000000000', late }));
  } finally {
    remove();
  }
}

const withEnvironment = (sizeBytes: number) => aFunction('abc', { Environment: { Variables: { KEY: 'x'.repeat(sizeBytes - 3) } } });

describe('what AWS would not deploy', () => {
  it('is refused by name, number and limit: an environment of more than 4 KB', () => {
    expect(() => check({ Api: withEnvironment(4096) })).not.toThrow();
    expect(() => check({ Api: withEnvironment(4097) })).toThrow('the environment of App/Api in bytes is 4097, AWS allows 4096');
  });

  it('is refused: a function that runs more than 15 minutes', () => {
    expect(() => check({ Api: aFunction('abc', { Timeout: 901 }) })).toThrow('the timeout of App/Api in seconds is 901, AWS allows 900');
  });

  it('is refused: a queue whose messages come again while the function may still be at them', () => {
    const fed = (VisibilityTimeout: number) => ({
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout } },
      Events: aFunction('abc', { Timeout: 60 }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, FunctionName: { Ref: 'Events' } },
      },
    });
    expect(() => check(fed(60))).not.toThrow();
    expect(() => check(fed(59))).toThrow(
      'the timeout in seconds of App/Events, which App/Jobs feeds with a visibility timeout below it, is 60, AWS allows 59',
    );
  });

  it('is refused: a definition of more than 1 MB', () => {
    const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: 'x'.repeat(1_048_577) } };
    expect(() => check({ Machine: machine })).toThrow('the definition of App/Machine in bytes is 1048577');
  });

  it('is refused: more than 300 resources of the REST API', () => {
    const resources = Array.from({ length: 301 }, (_, index) => [`R${index}`, { Type: 'AWS::ApiGateway::Resource' }] as const);
    expect(() => check(Object.fromEntries(resources))).toThrow('the number of resources of the REST API is 301, AWS allows 300');
  });
});
