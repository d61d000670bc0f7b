import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  Integration,
  IntegrationType,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
  SecurityPolicy,
} from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Alias } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { acknowledge } from './acknowledge.ts';
import { addGatewayAnswers } from './gateway-responses.ts';
import { addRoutes, type SeparateRoute } from './routes.ts';

export interface PatinaApiProps {
  readonly config: Config;
  /** Everything without a route of its own. */
  readonly api: Alias;
  readonly auth: Alias;
  readonly providers: Alias;
  readonly routes: readonly SeparateRoute[];
}

const endpointProps = (scope: Construct, config: Config): Partial<RestApiProps> => {
  if (config.endpoint === 'regional') return { endpointConfiguration: { types: [EndpointType.REGIONAL] } };
  const callers = config.vpcEndpointIds.map((id) =>
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, id, { vpcEndpointId: id, port: 443 }),
  );
  const everything = { actions: ['execute-api:Invoke'], principals: [new AnyPrincipal()], resources: ['execute-api:/*'] };
  return {
    endpointConfiguration: { types: [EndpointType.PRIVATE], vpcEndpoints: callers },
    policy: new PolicyDocument({
      statements: [
        new PolicyStatement(everything),
        new PolicyStatement({
          ...everything,
          effect: Effect.DENY,
          conditions: { StringNotEquals: { 'aws:SourceVpce': config.vpcEndpointIds } },
        }),
      ],
    }),
  };
};

const domainProps = (scope: Construct, { domainName, certificateArn }: Config): Partial<RestApiProps> =>
  domainName === undefined || certificateArn === undefined
    ? {}
    : {
        domainName: {
          domainName,
          certificate: Certificate.fromCertificateArn(scope, 'Certificate', certificateArn),
          endpointType: EndpointType.REGIONAL,
          securityPolicy: SecurityPolicy.TLS_1_2,
        },
      };

const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    method: '$context.httpMethod',
    resource: '$context.resourcePath',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integrationLatency',
    responseBytes: '$context.responseLength',
    sourceIp: '$context.identity.sourceIp',
    error: '$context.error.messageString',
  }),
);

/** A proxy integration that needs one permission for the function, not one for each method. */
const proxyTo = (scope: Construct, alias: Alias): Integration =>
  new Integration({
    type: IntegrationType.AWS_PROXY,
    integrationHttpMethod: 'POST',
    uri: Stack.of(scope).formatArn({
      service: 'apigateway',
      account: 'lambda',
      resource: `path/2015-03-31/functions/${alias.functionArn}/invocations`,
    }),
  });

/** The HTTPS API: who calls and whether they may is decided in the functions, so there is no authorizer. */
export class PatinaApi extends Construct {
  readonly restApi: RestApi;

  constructor(scope: Construct, id: string, props: PatinaApiProps) {
    super(scope, id);
    const { config } = props;
    const accessLogs = new LogGroup(this, 'AccessLogs', { retention: config.logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    this.restApi = new RestApi(this, 'Resource', {
      restApiName: `patina-${config.stage}`,
      description: 'Patina storage API',
      ...endpointProps(this, config),
      ...domainProps(this, config),
      cloudWatchRole: config.apiGatewayAccountRole,
      disableExecuteApiEndpoint: config.domainName !== undefined,
      // Otherwise API Gateway hands compressed answers on as the base64 text that the function made of them.
      binaryMediaTypes: ['*/*'],
      defaultMethodOptions: { authorizationType: AuthorizationType.NONE },
      deployOptions: {
        stageName: config.stage,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat,
        loggingLevel: MethodLoggingLevel.ERROR,
        dataTraceEnabled: false,
        metricsEnabled: true,
        throttlingRateLimit: 500,
        throttlingBurstLimit: 1000,
      },
    });
    const aliases = { api: props.api, auth: props.auth, providers: props.providers };
    addRoutes(this.restApi, props.routes, {
      api: proxyTo(this, aliases.api),
      auth: proxyTo(this, aliases.auth),
      providers: proxyTo(this, aliases.providers),
    });
    addGatewayAnswers(this.restApi);
    for (const alias of Object.values(aliases)) this.#allow(alias);
    this.#addAddress(config);
    this.#acknowledge();
  }

  #allow(alias: Alias): void {
    alias.addPermission('ApiGateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.restApi.arnForExecuteApi(),
    });
  }

  #addAddress({ hostedZone, domainName }: Config): void {
    if (hostedZone === undefined || domainName === undefined) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: hostedZone.id, zoneName: hostedZone.name });
    const target = this.restApi.domainName;
    if (target !== undefined)
      new ARecord(this, 'Address', { zone, recordName: domainName, target: RecordTarget.fromAlias(new ApiGatewayDomain(target)) });
  }

  #acknowledge(): void {
    acknowledge(this.restApi, 'AwsSolutions-APIG2', 'Requests are validated by the functions, alike on AWS and on one machine');
    acknowledge(this.restApi, 'AwsSolutions-APIG3', 'A web application firewall is for the operator to attach, at a price by the month');
    acknowledge(
      this.restApi,
      'AwsSolutions-APIG4',
      'Every function checks the token with a consistent read, so that logout holds from the next request',
    );
    acknowledge(this.restApi, 'AwsSolutions-COG4', "Tokens are Patina's own; there is no Cognito");
    acknowledge(
      this.restApi,
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      'The role that API Gateway asks for, once for an account',
    );
  }
}
