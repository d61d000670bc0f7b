import * as z from 'zod';
import { accessKeyOf } from '../access-keys.ts';
import type { Application } from './application.ts';
import { readProperties } from './read-properties.ts';

export interface Machine {
  readonly name: string;
  readonly arn: string;
  /** Parsed Amazon States Language, its substitutions made. */
  readonly definition: unknown;
  /** The access key that the machine acts with. */
  readonly key: string;
  readonly roleArn: string;
}

const properties = z.object({
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.coerce.string()).default({}),
  RoleArn: z.string(),
  StateMachineType: z.literal('STANDARD').default('STANDARD'),
});

/** The state machines of the application; throws `AssemblyError` for express ones. */
export function machinesOf(application: Application): Machine[] {
  return application.ofType('AWS::StepFunctions::StateMachine').map((resource) => {
    const { DefinitionString, DefinitionSubstitutions, RoleArn } = readProperties(resource, properties);
    const text = DefinitionString.replaceAll(/\$\{(\w+)\}/g, (whole, name: string) => DefinitionSubstitutions[name] ?? whole);
    return { name: resource.name, arn: resource.ref, definition: JSON.parse(text), key: accessKeyOf(resource.name), roleArn: RoleArn };
  });
}
