import * as z from 'zod';
import { type Context, propertiesOf, resourcesOf, text } from './synth.ts';

const many = z.preprocess((value) => (Array.isArray(value) ? value : [value]), z.array(z.unknown()));

const policy = z.object({
  PolicyDocument: z.object({
    Statement: z.array(
      z.looseObject({ Effect: z.string(), Action: many.pipe(z.array(z.string())), Resource: many, Condition: z.unknown().optional() }),
    ),
  }),
  Roles: z.array(z.object({ Ref: z.string() })).optional(),
});

export interface Grant {
  readonly action: string;
  /** The resource as JSON text. */
  readonly resource: string;
  readonly condition: unknown;
}

/** Every (action, resource) that a role is granted, by the beginning of the role's logical id. */
export const grantsOf = (rolePrefix: string, context: Context = {}): readonly Grant[] =>
  propertiesOf(resourcesOf('Application', context), 'AWS::IAM::Policy', policy)
    .filter(([, each]) => each.Roles?.some((role) => role.Ref.startsWith(`${rolePrefix}Role`)))
    .flatMap(([, each]) => each.PolicyDocument.Statement)
    .flatMap((statement) =>
      statement.Action.flatMap((action) =>
        statement.Resource.map((resource) => ({ action, resource: text(resource), condition: statement.Condition })),
      ),
    );

export const actionsOn = (grants: readonly Grant[], part: string): readonly string[] =>
  [...new Set(grants.filter((grant) => grant.resource.includes(part)).map((grant) => grant.action))].toSorted();

export const allGrants = (context: Context = {}): readonly Grant[] =>
  ['Api', 'Auth', 'Providers', 'Control', 'Events', 'DriverScaleio', 'Workflows'].flatMap((role) => grantsOf(role, context));
