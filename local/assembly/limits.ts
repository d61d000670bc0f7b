import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { awsLimits } from '../../core/limits.ts';
import type { Application, Resource } from './application.ts';
import { functionNameOf } from './identity.ts';
import { AssemblyError } from './load.ts';
import type { Stack } from './template.ts';

interface Measured {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
}

const place = ({ stackName, logicalId }: Resource): string => `${stackName}/${logicalId}`;

const environmentBytes = (environment: unknown): number =>
  Object.entries<unknown>(Object(Object(environment)['Variables'])).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
    0,
  );

const folderBytes = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const ofFunction = (resource: Resource): Measured[] => [
  {
    what: `the code of ${place(resource)} in bytes`,
    value: folderBytes(resource.assetFolder ?? ''),
    limit: awsLimits.lambdaCodeBytes,
  },
  {
    what: `the environment of ${place(resource)} in bytes`,
    value: environmentBytes(resource.properties['Environment']),
    limit: awsLimits.lambdaEnvironmentBytes,
  },
  {
    what: `the timeout of ${place(resource)} in seconds`,
    value: Number(resource.properties['Timeout'] ?? 3),
    limit: awsLimits.lambdaTimeoutSeconds,
  },
];

const ofMachine = (resource: Resource): Measured => ({
  what: `the definition of ${place(resource)} in bytes`,
  value: Buffer.byteLength(String(resource.properties['DefinitionString'])),
  limit: awsLimits.stateMachineDefinitionBytes,
});

/** Lambda takes no queue whose messages would become visible again before the function has run out of time. */
function ofEventSource(application: Application, source: Resource): Measured[] {
  const { EventSourceArn, FunctionName } = source.properties;
  const queue = application.ofType('AWS::SQS::Queue').find(({ name }) => String(EventSourceArn).endsWith(`:${name}`));
  const fed = application.ofType('AWS::Lambda::Function').find(({ name }) => name === functionNameOf(String(FunctionName)));
  if (queue === undefined || fed === undefined) return [];
  return [
    {
      what: `the timeout in seconds of ${place(fed)}, which ${place(queue)} feeds with a visibility timeout below it,`,
      value: Number(fed.properties['Timeout'] ?? 3),
      limit: Number(queue.properties['VisibilityTimeout'] ?? 30),
    },
  ];
}

/** Throws `AssemblyError` when AWS would refuse to deploy the application for its size. */
export function refuseWhatAwsRefuses(stacks: readonly Stack[], application: Application): void {
  const measured = [
    ...stacks.map(({ name, template }) => ({
      what: `the number of resources of ${name}`,
      value: Object.keys(template.Resources).length,
      limit: awsLimits.stackResources,
    })),
    {
      what: 'the number of resources of the REST API',
      value: application.ofType('AWS::ApiGateway::Resource').length,
      limit: awsLimits.apiResources,
    },
    ...application.ofType('AWS::Lambda::Function').flatMap(ofFunction),
    ...application.ofType('AWS::StepFunctions::StateMachine').map(ofMachine),
    ...application.ofType('AWS::Lambda::EventSourceMapping').flatMap((source) => ofEventSource(application, source)),
  ];
  const over = measured.filter(({ value, limit }) => value > limit);
  if (over.length === 0) return;
  throw new AssemblyError(over.map(({ what, value, limit }) => `${what} is ${value}, AWS allows ${limit}`).join('; '));
}
