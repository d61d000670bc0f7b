import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App, DefaultStackSynthesizer, RemovalPolicy, Tags, Validations } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { drivers } from '../drivers/registry.ts';
import { routes as authRoutes } from '../functions/http/auth/routes.ts';
import { routes as providerRoutes } from '../functions/http/providers/routes.ts';
import { workflows } from '../statemachines/registry.ts';
import { bundleProject, MissingSource } from './bundle.ts';
import { type Config, ConfigError, contextKeys, isDisposable, parseConfig, refuseUnknownContext } from './config.ts';
import { asSynthesizer } from './constructs/interfaces.ts';
import type { SeparateRoute } from './constructs/routes.ts';
import { ApplicationStack } from './stacks/application.ts';
import { DataStack } from './stacks/data.ts';
import { NetworkStack } from './stacks/network.ts';

export interface BuildOptions {
  /** Wins over what the CDK command line gives. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the cloud assembly goes; absent: where the CDK command line says, else a temporary folder. */
  readonly outdir?: string;
  /** The folder or inline code of a function. */
  readonly codeOf: (functionName: string) => Code;
  readonly routes: readonly SeparateRoute[];
}

/** Findings of CloudFormation's own rules are errors, as those of cdk-nag are. */
const checkedByDefault = { '@aws-cdk/core:validateAgainstDefaultRules': true };

/** A table cannot be removed while functions use it. */
const referencesByDefault = { '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

const configOf = (app: App): Config => {
  refuseUnknownContext(Object.keys(app.node.getAllContext()));
  return parseConfig(
    Object.fromEntries(contextKeys.map((key) => [key, app.node.tryGetContext(key)]).filter(([, value]) => value !== undefined)),
  );
};

/** Only a disposable stage takes its logs with it. */
const keepLogs = (app: App): void => {
  for (const construct of app.node.findAll()) if (construct instanceof CfnLogGroup) construct.applyRemovalPolicy(RemovalPolicy.RETAIN);
};

/** Puts the application together. Needs no account, no network and no bundles; `app.synth()` writes it and runs the checks. */
export const buildApp = (options: BuildOptions): App => {
  const app = new App({
    analyticsReporting: false,
    treeMetadata: false,
    defaultStackSynthesizer: asSynthesizer(new DefaultStackSynthesizer({ generateBootstrapVersionRule: false })),
    context: { ...checkedByDefault, ...referencesByDefault, ...options.context },
    ...(options.outdir === undefined ? {} : { outdir: options.outdir }),
  });
  const config = configOf(app);
  const stack = (name: string) => ({ stackName: `patina-${config.stage}-${name}`, description: `Patina ${config.stage}: ${name}` });
  Tags.of(app).add('app', 'patina');
  Tags.of(app).add('stage', config.stage);
  const driverNetwork = config.network === 'none' ? undefined : new NetworkStack(app, config, stack('network')).driverNetwork;
  const { tables, rootSecret } = new DataStack(app, config, stack('data'));
  new ApplicationStack(app, {
    ...stack('application'),
    config,
    tables,
    rootSecret,
    driverNetwork,
    driverTypes: drivers.map((driver) => driver.type),
    workflows,
    routes: options.routes,
    codeOf: options.codeOf,
  });
  if (!isDisposable(config)) keepLogs(app);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
};

/** Bundles the functions and writes the cloud assembly; returns its folder. Several at once do not meet: each has bundles of its own. */
export const synthesize = async (options: Pick<BuildOptions, 'context' | 'outdir'> = {}): Promise<string> => {
  const bundles = mkdtempSync(join(tmpdir(), 'patina-bundles-'));
  try {
    const folders = await bundleProject(bundles);
    const codeOf = (functionName: string): Code => Code.fromAsset(folders[functionName] ?? functionName);
    return buildApp({ ...options, codeOf, routes: [...authRoutes, ...providerRoutes] }).synth().directory;
  } finally {
    rmSync(bundles, { recursive: true, force: true });
  }
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href)
  synthesize({ outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out' }).catch((error: unknown) => {
    console.error(error instanceof ConfigError || error instanceof MissingSource ? error.message : error);
    process.exitCode = 1;
  });
