import { describe, expect, it } from 'vitest';
import { ConfigError, contextKeys, isDisposable, parseConfig, refuseUnknownContext } from '../../../cdk/config.ts';

const certificateArn = 'arn:aws:acm:eu-west-1:000000000000:certificate/1';
const theirVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], availabilityZones: ['eu-west-1a'] };

describe('the configuration', () => {
  it('needs nothing: a development stage without a network, whose drivers reach nothing', () => {
    expect(parseConfig({})).toMatchObject({ stage: 'dev', network: 'none', arrayCidrs: [], arrayPorts: [443], endpoint: 'regional' });
    expect(isDisposable(parseConfig({}))).toBe(true);
    expect(isDisposable(parseConfig({ stage: 'prod' }))).toBe(false);
  });

  it('is the same from a command line as from cdk.json', () => {
    const values = {
      network: theirVpc,
      arrayCidrs: ['10.0.0.0/8', 'fd00::/8'],
      arrayPorts: [443, 8443],
      apiGatewayAccountRole: false,
      logRetentionDays: 90,
    };
    const texts = {
      network: JSON.stringify(theirVpc),
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
    [
      'network',
      { network: 'foo' },
      'context network="foo": must be none, create, or the VPC you have as a JSON object {"vpcId", "subnetIds"',
    ],
    [
      'network',
      { network: '{"vpcId": "x"}' },
      'vpcId has something that is no id such as vpc-0123456789abcdef0, subnetIds needs at least one',
    ],
    ['network', { network: { ...theirVpc, vpc: 1 } }, 'it does not have vpc'],
    ['vpcCidr', { vpcCidr: '10.250.0.0/26' }, 'context vpcCidr="10.250.0.0/26": must be an IPv4 network from /16 to /25'],
    ['vpcCidr', { vpcCidr: '10.0.0.0/8' }, 'from /16 to /25'],
    ['vpcCidr', { vpcCidr: 'fd00::/24' }, 'must be an IPv4 network'],
    ['vpcCidr', { vpcCidr: '10.250.0.0' }, 'such as 10.250.0.0/24'],
    ['network', { network: '{"vpcId": "vpc-' }, 'context network="{\\"vpcId\\": \\"vpc-"'],
    [
      'arrayCidrs',
      { arrayCidrs: '10.0.0.0' },
      'context arrayCidrs="10.0.0.0": must be networks in which arrays lie, comma separated, such as 10.20',
    ],
    ['arrayCidrs', { arrayCidrs: ['10.0.0.0/33'] }, 'context arrayCidrs=["10.0.0.0/33"]'],
    ['arrayPorts', { arrayPorts: 'https' }, 'context arrayPorts="https": must be TCP ports of gateways from 1 to 65535'],
    ['arrayPorts', { arrayPorts: '443,70000' }, 'context arrayPorts="443,70000": must be TCP ports'],
    ['endpoint', { endpoint: 'edge' }, 'regional or private'],
    ['vpcEndpointIds', { endpoint: 'private' }, 'context vpcEndpointIds is not given: a private endpoint needs at least one VPC endpoint'],
    ['vpcEndpointIds', { vpcEndpointIds: 'x' }, 'context vpcEndpointIds="x": must be execute-api endpoints'],
    ['domainName', { domainName: 'a b', certificateArn }, 'context domainName="a b": must be a host name'],
    ['domainName', { endpoint: 'private', vpcEndpointIds: 'vpce-0123abcd', domainName: 'a.example', certificateArn }, 'endpoint=regional'],
    ['certificateArn', { domainName: 'a.example' }, 'domainName and certificateArn are given together'],
    ['certificateArn', { certificateArn }, 'domainName and certificateArn are given together'],
    ['certificateArn', { domainName: 'a.example', certificateArn: 'arn:1' }, 'context certificateArn="arn:1": must be the ARN of an ACM'],
    [
      'hostedZone',
      { domainName: 'a.example', certificateArn, hostedZone: '{"id":"Z1"}' },
      'such as {"id":"Z0123456789","name":"example.com"}; name is missing',
    ],
    ['hostedZone', { hostedZone: '{"id":"Z1","name":"example"}' }, 'a zone needs the domainName that it gets'],
    ['apiGatewayAccountRole', { apiGatewayAccountRole: 'maybe' }, 'context apiGatewayAccountRole="maybe": must be true or false'],
    ['alarmTopicArn', { alarmTopicArn: 'arn:aws:s3:::x' }, 'context alarmTopicArn="arn:aws:s3:::x": must be the ARN of an SNS topic'],
    ['logLevel', { logLevel: 'debug' }, 'context logLevel="debug": must be DEBUG, INFO, WARN or ERROR'],
    ['logRetentionDays', { logRetentionDays: '31' }, '7, 30, 90 or 365'],
  ])('refuses a wrong %s, naming key, value and what would be right', (key, context, sentence) => {
    expect(() => parseConfig(context)).toThrow(ConfigError);
    expect(() => parseConfig(context)).toThrow(sentence);
    expect(contextKeys).toContain(key);
  });
});

describe('every context key', () => {
  it('is refused by its name and what would be right when its value is of a wrong kind, never by a parser’s words', () => {
    for (const key of contextKeys) {
      const wrong = { [key]: { un: 'known' } };
      expect(() => parseConfig(wrong)).toThrow(`context ${key}={"un":"known"}: must be `);
      expect(() => parseConfig(wrong)).not.toThrow(/Invalid|expected|received|undefined|pattern/);
    }
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
