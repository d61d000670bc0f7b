import { describe, expect, it } from 'vitest';
import { refuseWhatAwsRefuses } from '../../../../local/assembly/limits.ts';
import { aFunction, openFixture } from '../../../support/assembly.ts';

function check(Resources: Record<string, object>): void {
  refuseWhatAwsRefuses([], openFixture({ stacks: { App: { Resources } }, code: { abc: '' } }));
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

  it('is refused: a definition of more than 1 MB', () => {
    const machine = { Type: 'AWS::StepFunctions::StateMachine', Properties: { DefinitionString: 'x'.repeat(1_048_577) } };
    expect(() => check({ Machine: machine })).toThrow('the definition of App/Machine in bytes is 1048577');
  });

  it('is refused: more than 300 resources of the REST API', () => {
    const resources = Array.from({ length: 301 }, (_, index) => [`R${index}`, { Type: 'AWS::ApiGateway::Resource' }] as const);
    expect(() => check(Object.fromEntries(resources))).toThrow('the number of resources of the REST API is 301, AWS allows 300');
  });
});
