import { RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type Config, isDisposable } from '../config.ts';
import { asSecret } from '../constructs/interfaces.ts';
import { makeTables, type Tables } from '../constructs/tables.ts';

/** What must survive every deployment. */
export class DataStack extends Stack {
  readonly tables: Tables;
  /** The password of `root`, made by the first deployment and read by whoever logs in first. */
  readonly rootSecret: ISecret;

  constructor(scope: Construct, config: Config, props: StackProps) {
    super(scope, 'Data', { ...props, terminationProtection: !isDisposable(config) });
    this.tables = makeTables(this, isDisposable(config));
    const secret = new Secret(this, 'RootPassword', {
      secretName: `patina/${config.stage}/root`,
      description: 'First login of Patina: user name and password of root',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ username: 'root' }),
        generateStringKey: 'password',
        passwordLength: 32,
        excludePunctuation: true,
      },
      removalPolicy: isDisposable(config) ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'An operator changes it; rotating by itself would lock out whoever wrote it down',
    });
    this.rootSecret = asSecret(secret);
  }
}
