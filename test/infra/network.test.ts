import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { assemblyOf, build, propertiesOf, resourcesOf, text } from './synth.ts';

const created = { network: 'create', arrayCidrs: ['192.0.2.0/24', '2001:db8::/64'], arrayPorts: [443, 8443] };
const imported = {
  network: JSON.stringify({
    vpcId: 'vpc-0123abcd',
    subnetIds: ['subnet-0123abcd', 'subnet-4567abcd'],
    availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  }),
  arrayCidrs: '192.0.2.0/24',
};
const lambda = z.looseObject({ VpcConfig: z.unknown().optional() });
const inVpc = (context: object) =>
  propertiesOf(resourcesOf('Application', { ...context }), 'AWS::Lambda::Function', lambda)
    .filter(([, each]) => each.VpcConfig !== undefined)
    .map(([id]) => id.slice(0, -8));
const rule = z.looseObject({ FromPort: z.number().optional(), CidrIp: z.string().optional(), CidrIpv6: z.string().optional() });
const driverGroup = (context: object) =>
  propertiesOf(
    resourcesOf('Network', { ...context }),
    'AWS::EC2::SecurityGroup',
    z.looseObject({ GroupDescription: z.string(), SecurityGroupEgress: z.array(rule).default([]) }),
  ).find(([, group]) => group.GroupDescription.startsWith('Driver'))?.[1];

describe('the network', () => {
  it('is absent by default', () => {
    expect(assemblyOf().stacks.map((stack) => stack.id)).toEqual(['Data', 'Application']);
    expect(inVpc({})).toEqual([]);
  });

  it('holds the drivers and nothing else', () => {
    expect(inVpc(created)).toEqual(['DriverScaleio']);
    expect(inVpc(imported)).toEqual(['DriverScaleio']);
  });

  it("lets drivers reach the arrays' networks on the gateways' ports, and nothing by default", () => {
    expect(driverGroup(created)?.SecurityGroupEgress.map((each) => [each.CidrIp ?? each.CidrIpv6, each.FromPort])).toEqual([
      ['192.0.2.0/24', 443],
      ['192.0.2.0/24', 8443],
      ['2001:db8::/64', 443],
      ['2001:db8::/64', 8443],
    ]);
    const closed = driverGroup({ network: 'create' })?.SecurityGroupEgress ?? [];
    expect(closed.filter((each) => each.CidrIp !== '255.255.255.255/32')).toEqual([]);
  });

  it('may be as small as two subnets, and is refused below that before anything is put together', () => {
    const subnets = propertiesOf(
      resourcesOf('Network', { network: 'create', vpcCidr: '10.250.0.0/25' }),
      'AWS::EC2::Subnet',
      z.looseObject({ CidrBlock: z.string() }),
    );
    expect(subnets.map(([, { CidrBlock }]) => CidrBlock)).toEqual(['10.250.0.0/26', '10.250.0.64/26']);
    expect(() => build({ network: 'create', vpcCidr: '10.250.0.0/26' })).toThrow(
      'context vpcCidr="10.250.0.0/26": must be an IPv4 network',
    );
  });

  it('has one endpoint, for secrets, open to the drivers alone, and no way to the internet', () => {
    const resources = resourcesOf('Network', created);
    const types = Object.values(resources).map((each) => each.Type);
    expect(types.filter((type) => /NatGateway|InternetGateway|::Route$/.test(type))).toEqual([]);
    const endpoints = propertiesOf(resources, 'AWS::EC2::VPCEndpoint', z.looseObject({ ServiceName: z.unknown() }));
    expect(endpoints).toHaveLength(1);
    expect(text(endpoints[0]?.[1].ServiceName)).toContain('.secretsmanager');
    const ingress = propertiesOf(
      resources,
      'AWS::EC2::SecurityGroupIngress',
      z.looseObject({ SourceSecurityGroupId: z.unknown(), CidrIp: z.unknown().optional() }),
    );
    expect(ingress.map(([, each]) => [text(each.SourceSecurityGroupId).includes('Drivers'), each.CidrIp])).toEqual([[true, undefined]]);
  });

  it('is used where it is, without looking anything up', () => {
    expect(Object.values(resourcesOf('Network', imported)).some((each) => each.Type === 'AWS::EC2::VPC')).toBe(false);
    expect(assemblyOf(imported).manifest.missing).toBeUndefined();
  });

  it('uses a secrets endpoint that is there already', () => {
    const network = { ...JSON.parse(imported.network), secretsEndpointSecurityGroupId: 'sg-0123abcd' };
    const resources = resourcesOf('Network', { network });
    expect(Object.values(resources).some((each) => each.Type === 'AWS::EC2::VPCEndpoint')).toBe(false);
    expect(text(resources)).toContain('sg-0123abcd');
  });
});
