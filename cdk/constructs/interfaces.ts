import type { DefaultStackSynthesizer, IReusableStackSynthesizer } from 'aws-cdk-lib';
import type { IVpc, Vpc } from 'aws-cdk-lib/aws-ec2';
import type { Alias, IFunction, IVersion, Version } from 'aws-cdk-lib/aws-lambda';
import type { ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';

// The CDK is not written for `exactOptionalPropertyTypes`: under it, these classes miss the interfaces that they implement.
export const asFunction = (alias: Alias): IFunction => alias as IFunction;
export const asVersion = (version: Version): IVersion => version as IVersion;
export const asVpc = (vpc: Vpc): IVpc => vpc as IVpc;
export const asSecret = (secret: Secret): ISecret => secret as ISecret;
export const asSynthesizer = (synthesizer: DefaultStackSynthesizer): IReusableStackSynthesizer => synthesizer as IReusableStackSynthesizer;
