/** What AWS's own managed policies allow, those that templates of this application use. */

const allow = (...actions: string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const writeLogs = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const networkInterfaces = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

export const awsManagedPolicies: ReadonlyMap<string, unknown> = new Map([
  ['service-role/AWSLambdaBasicExecutionRole', allow(...writeLogs)],
  ['service-role/AWSLambdaVPCAccessExecutionRole', allow(...writeLogs, ...networkInterfaces)],
  [
    'service-role/AmazonAPIGatewayPushToCloudWatchLogs',
    allow(...writeLogs, 'logs:DescribeLogGroups', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:FilterLogEvents'),
  ],
  [
    'AWSXRayDaemonWriteAccess',
    allow(
      'xray:PutTraceSegments',
      'xray:PutTelemetryRecords',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:GetSamplingStatisticSummaries',
    ),
  ],
]);
