import { describe, expect, it } from 'vitest';
import { ConfigError, contextKeys, isDisposable, parseConfig, refuseUnknownContext } from '../../../cdk/config.ts';

describe('the configuration', () => {
  it('needs nothing: a development stage without a network, whose drivers reach nothing', () => {
    expect(parseConfig({})).toMatchObject({ stage: 'dev', network: 'none', arrayCidrs: [], arrayPorts: [443], endpoint: 'regional' });
    expect(isDisposable(parseConfig({}))).toBe(true);
    expect(isDisposable(parseConfig({ stage: 'prod' }))).toBe(false);
  });

  it('is the same from a command line as from cdk.json', () => {
    const network = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], availabilityZones: ['eu-west-1a'] };
    const values = {
      network,
      arrayCidrs: ['10.0.0.0/8', 'fd00::/8'],
      arrayPorts: [443, 8443],
      apiGatewayAccountRole: false,
      logRetentionDays: 90,
    };
    const texts = {
      network: JSON.stringify(network),
      arrayCidrs: '10.0.0.0/8,fd00::/8',
      arrayPorts: '443,8443',
      apiGatewayAccountRole: 'false',
      logRetentionDays: '90',
    };
    expect(parseConfig(texts)).toEqual(parseConfig(values));
    expect(parseConfig(values)).toMatchObject(values);
  });

  it.each([
    ['stage', { stage: 'Production!' }, 'context stage="Production!"'],
    ['network', { network: 'default' }, 'context network="default"'],
    ['network', { network: '{"vpcId": "vpc-' }, 'context network="{\\"vpcId\\": \\"vpc-"'],
    ['arrayCidrs', { arrayCidrs: '10.0.0.0' }, 'context arrayCidrs="10.0.0.0": is no CIDR block, such as 10.0.0.0/8'],
    ['arrayCidrs', { arrayCidrs: ['10.0.0.0/33'] }, 'context arrayCidrs=["10.0.0.0/33"]'],
    ['arrayPorts', { arrayPorts: 'https' }, 'context arrayPorts="https"'],
    ['endpoint', { endpoint: 'edge' }, 'regional or private'],
    ['vpcEndpointIds', { endpoint: 'private' }, 'a private endpoint needs at least one VPC endpoint'],
    [
      'domainName',
      { endpoint: 'private', vpcEndpointIds: 'vpce-0123abcd', domainName: 'a.example', certificateArn: 'arn:1' },
      'endpoint=regional',
    ],
    ['certificateArn', { domainName: 'a.example' }, 'domainName and certificateArn are given together'],
    ['logRetentionDays', { logRetentionDays: '31' }, '7, 30, 90 or 365'],
  ])('refuses a wrong %s, naming key, value and what would be right', (key, context, sentence) => {
    expect(() => parseConfig(context)).toThrow(ConfigError);
    expect(() => parseConfig(context)).toThrow(sentence);
    expect(contextKeys).toContain(key);
  });
});

describe('a context key', () => {
  it('that is mistyped is refused by name, since the default in its place may lose data', () => {
    expect(() => refuseUnknownContext(['stagee', 'network'])).toThrow('context stagee: unknown; this application reads stage, network');
  });

  it('of the CDK itself is left to it', () => {
    expect(() =>
      refuseUnknownContext(['stage', 'aws:cdk:bundling-stacks', '@aws-cdk/core:x', 'availability-zones:account=1']),
    ).not.toThrow();
  });
});
