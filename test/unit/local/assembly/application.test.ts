import { describe, expect, it } from 'vitest';
import { ignoredTypes, implementedTypes } from '../../../../local/assembly/resource-types.ts';
import { openFixture } from '../../../support/assembly.ts';

const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });

/** What a property of a rule becomes that holds the value. */
function resolved(value: unknown, template: object = {}): unknown {
  const Resources = { Rule: { Type: 'AWS::Events::Rule', Properties: { Value: value } }, Jobs: queue({ FifoQueue: true }) };
  const [rule] = openFixture({ stacks: { App: { Resources, ...template } } }).ofType('AWS::Events::Rule');
  return rule?.properties['Value'];
}

describe('intrinsic functions', () => {
  it.each([
    ['Ref of a resource', { Ref: 'Rule' }, 'App-Rule'],
    ['Ref of a queue, which is its URL', { Ref: 'Jobs' }, 'http://queues/App-Jobs.fifo'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:App-Jobs.fifo'],
    ['Fn::GetAtt as text', { 'Fn::GetAtt': 'Jobs.QueueName' }, 'App-Jobs.fifo'],
    [
      'pseudo parameters',
      { 'Fn::Join': ['/', [{ Ref: 'AWS::Partition' }, { Ref: 'AWS::AccountId' }, { Ref: 'AWS::URLSuffix' }]] },
      'aws/000000000000/amazonaws.com',
    ],
    [
      'Fn::Sub with resources, attributes and literals',
      { 'Fn::Sub': '${AWS::Region} ${Rule} ${Jobs.QueueName} ${!kept}' },
      'us-east-1 App-Rule App-Jobs.fifo ${kept}',
    ],
    ['Fn::Sub with its own variables', { 'Fn::Sub': ['${a}-${b}', { a: 'x', b: { Ref: 'Rule' } }] }, 'x-App-Rule'],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Fn::Join over Fn::Split', { 'Fn::Join': ['-', { 'Fn::Split': [',', 'a,b'] }] }, 'a-b'],
    ['a list with AWS::NoValue', ['a', { Ref: 'AWS::NoValue' }], ['a']],
    ['an object with AWS::NoValue', { a: 1, b: { Ref: 'AWS::NoValue' } }, { a: 1 }],
    ['an IAM condition, which is none', { Condition: { StringEquals: { x: 'y' } } }, { Condition: { StringEquals: { x: 'y' } } }],
  ])('resolves %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  it('decides Fn::If by conditions made of Equals, Not, And and Or', () => {
    const Conditions = {
      Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
      Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
      Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
    };
    const choice = (name: string) => ({ 'Fn::If': [name, 'yes', 'no'] });
    const value = [choice('Here'), choice('Elsewhere'), choice('Both'), choice('Either')];
    expect(resolved(value, { Conditions })).toEqual(['yes', 'no', 'no', 'yes']);
  });

  it('takes parameters from their defaults and refuses those without', () => {
    const Parameters = { Given: { Default: 'x' }, Missing: {} };
    expect(resolved({ Ref: 'Given' }, { Parameters })).toBe('x');
    expect(() => resolved({ Ref: 'Missing' }, { Parameters })).toThrow('App: the parameter Missing has no default');
  });

  it.each([
    [
      'an unknown function',
      { 'Fn::Cidr': ['10.0.0.0/8', 2, 8] },
      'App/Rule (AWS::Events::Rule): the intrinsic function Fn::Cidr is not implemented',
    ],
    ['an unknown attribute', { 'Fn::GetAtt': ['Jobs', 'Colour'] }, 'App/Jobs: Fn::GetAtt Colour of AWS::SQS::Queue is not implemented'],
    ['an unknown resource', { Ref: 'Nobody' }, 'App: there is no resource Nobody'],
    [
      'a dynamic reference',
      '{{resolve:ssm:/x}}',
      'App/Rule (AWS::Events::Rule): dynamic references are not implemented: {{resolve:ssm:/x}}',
    ],
    ['an export that nobody makes', { 'Fn::ImportValue': 'x' }, 'no stack exports x'],
  ])('refuses %s and says where it stands', (_, value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });

  it('carries a value from the stack that exports it to the stack that imports it', () => {
    const stacks = {
      Data: {
        Resources: { Jobs: queue() },
        Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:jobs' } } } },
      },
      App: { Resources: { Rule: { Type: 'AWS::Events::Rule', Properties: { Target: { 'Fn::ImportValue': 'Data:jobs' } } } } },
    };
    const [rule] = openFixture({ stacks }).ofType('AWS::Events::Rule');
    expect(rule?.properties['Target']).toBe('arn:aws:sqs:us-east-1:000000000000:Data-Jobs');
  });
});

describe('resources', () => {
  it('keep the name that the template gives, and otherwise always get the same one', () => {
    const Resources = { Given: queue({ QueueName: 'mine' }), Made: queue() };
    const names = () =>
      openFixture({ stacks: { App: { Resources } } })
        .ofType('AWS::SQS::Queue')
        .map(({ name }) => name);
    expect(names()).toEqual(['mine', 'App-Made']);
    expect(names()).toEqual(names());
  });

  it('get a shorter name, still their own, when stack and logical id are too long for AWS', () => {
    const long = 'Very'.repeat(30);
    const Resources = { [`${long}A`]: queue({ FifoQueue: true }), [`${long}B`]: queue({ FifoQueue: true }) };
    const names = openFixture({ stacks: { App: { Resources } } })
      .ofType('AWS::SQS::Queue')
      .map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => name.length === 80 && name.endsWith('.fifo'))).toBe(true);
  });

  it('are left out when their condition is false', () => {
    const Resources = { Jobs: { ...queue(), Condition: 'Never' } };
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    expect(openFixture({ stacks: { App: { Resources, Conditions } } }).ofType('AWS::SQS::Queue')).toEqual([]);
  });

  it('of an unknown type stop the boot, all named at once', () => {
    const Resources = { Bucket: { Type: 'AWS::S3::Bucket' }, Topic: { Type: 'AWS::SNS::Topic' } };
    expect(() => openFixture({ stacks: { App: { Resources } } })).toThrow(
      'App/Bucket is a AWS::S3::Bucket; App/Topic is a AWS::SNS::Topic',
    );
  });

  it('of an ignored type may be referred to', () => {
    const Resources = {
      Logs: { Type: 'AWS::Logs::LogGroup' },
      Rule: { Type: 'AWS::Events::Rule', Properties: { Logs: { 'Fn::GetAtt': ['Logs', 'Arn'] } } },
    };
    const [rule] = openFixture({ stacks: { App: { Resources } } }).ofType('AWS::Events::Rule');
    expect(rule?.properties['Logs']).toBe('arn:aws:ignored:us-east-1:000000000000:App-Logs/Arn');
  });

  it('have a type that is either implemented or ignored for a reason, never both', () => {
    expect(implementedTypes.filter((type) => type in ignoredTypes)).toEqual([]);
    expect(new Set(implementedTypes).size).toBe(implementedTypes.length);
    expect(Object.values(ignoredTypes).every((reason) => reason.length > 0)).toBe(true);
  });
});
