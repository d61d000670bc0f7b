import { Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

export const acknowledge = (scope: IConstruct, id: string, reason: string): void => {
  Validations.of(scope).acknowledge({ id, reason });
};

export interface WildcardGrant {
  readonly actions: readonly string[];
  /** Ends in `*`, or is `*`. */
  readonly resource: string;
  /** Why no narrower resource can be named. */
  readonly reason: string;
}

/** The only way to a resource with a wildcard: the reason stands beside the grant. */
export const grantWildcard = (role: Role, grant: WildcardGrant): void => {
  role.addToPolicy(new PolicyStatement({ actions: [...grant.actions], resources: [grant.resource] }));
  const resource = flattenCfnReference(Stack.of(role).resolve(grant.resource));
  acknowledge(role, `AwsSolutions-IAM5[Resource::${resource}]`, grant.reason);
};
