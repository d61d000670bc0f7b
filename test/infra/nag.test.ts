import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { build } from './synth.ts';

const stackOf = (app: ReturnType<typeof build>): Stack => {
  const stack = app.node.findChild('Application');
  if (!Stack.isStack(stack)) throw new Error('Application is no stack');
  return stack;
};

describe('the rules of cdk-nag', () => {
  it.each([
    ['on the development stage', {}],
    [
      'with everything that can be chosen',
      { stage: 'prod', network: 'create', arrayCidrs: '10.0.0.0/8', endpoint: 'private', vpcEndpointIds: 'vpce-0123abcd' },
    ],
  ])('are kept %s', (_, context) => {
    expect(() => build(context).synth()).not.toThrow();
  });

  it('bite: what is not acknowledged ends the synthesis', () => {
    const app = build();
    new Queue(stackOf(app), 'Careless');
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS4/);
  });

  it('bite beside a resource for which they are acknowledged', () => {
    const app = build({ stage: 'prod' });
    const role = stackOf(app).node.findChild('Api').node.findChild('Role');
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    if ('addToPolicy' in role && typeof role.addToPolicy === 'function') role.addToPolicy(PolicyStatement.fromJson(statement));
    expect(() => app.synth()).toThrow(/AwsSolutions-IAM5/);
  });
});
