import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type Config, isDisposable } from '../config.ts';
import { asVpc } from '../constructs/interfaces.ts';
import type { FunctionNetwork } from '../constructs/node-function.ts';

const httpsPort = 443;

type ImportedNetwork = Exclude<Config['network'], string>;

const peerOf = (cidr: string) => (cidr.includes(':') ? Peer.ipv6(cidr) : Peer.ipv4(cidr));

/** Where drivers run. They reach the arrays' networks and Secrets Manager, nothing else; there is no way to the internet. */
export class NetworkStack extends Stack {
  readonly driverNetwork: FunctionNetwork;

  constructor(scope: Construct, config: Config, props: StackProps) {
    super(scope, 'Network', { ...props, terminationProtection: !isDisposable(config) });
    const imported = typeof config.network === 'string' ? undefined : config.network;
    const vpc = imported === undefined ? this.#newVpc(config) : this.#importedVpc(imported);
    const drivers = new SecurityGroup(this, 'Drivers', {
      vpc,
      allowAllOutbound: false,
      description: 'Driver functions: arrays and secrets only',
    });
    for (const cidr of config.arrayCidrs)
      for (const port of config.arrayPorts) drivers.addEgressRule(peerOf(cidr), Port.tcp(port), `gateways in ${cidr}`);
    const secrets = this.#secretsEndpointGroup(vpc, drivers, imported?.secretsEndpointSecurityGroupId);
    drivers.addEgressRule(secrets, Port.tcp(httpsPort), 'Secrets Manager');
    const subnets = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnets;
    this.driverNetwork = { vpc, subnets, securityGroup: drivers };
  }

  #newVpc(config: Config): IVpc {
    const logs = new LogGroup(this, 'FlowLogs', { retention: config.logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(config.vpcCidr),
      maxAzs: 2,
      natGateways: 0,
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [{ name: 'Drivers', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 26 }],
      flowLogs: { Refused: { destination: FlowLogDestination.toCloudWatchLogs(logs), trafficType: FlowLogTrafficType.REJECT } },
    });
    return asVpc(vpc);
  }

  #importedVpc(network: ImportedNetwork): IVpc {
    return Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: network.vpcId,
      availabilityZones: [...network.availabilityZones],
      isolatedSubnetIds: [...network.subnetIds],
    });
  }

  #secretsEndpointGroup(vpc: IVpc, drivers: ISecurityGroup, existingId: string | undefined): ISecurityGroup {
    if (existingId !== undefined) return SecurityGroup.fromSecurityGroupId(this, 'SecretsEndpointGroup', existingId, { mutable: false });
    const group = new SecurityGroup(this, 'SecretsEndpointGroup', {
      vpc,
      allowAllOutbound: false,
      description: 'Secrets Manager endpoint',
    });
    group.addIngressRule(drivers, Port.tcp(httpsPort), 'driver functions');
    vpc.addInterfaceEndpoint('SecretsEndpoint', {
      service: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      open: false,
      securityGroups: [group],
      subnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    });
    return group;
  }
}
