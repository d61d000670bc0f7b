import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Application, openApplication } from '../../local/assembly/application.ts';
import { loadAssembly } from '../../local/assembly/load.ts';

export interface FixtureAssembly {
  readonly folder: string;
  remove(): void;
}

export interface FixtureParts {
  /** Templates by stack name. */
  readonly stacks: Readonly<Record<string, object>>;
  /** The text of each function's module by asset hash. */
  readonly code?: Readonly<Record<string, string>>;
}

function writeJson(file: string, content: object): void {
  writeFileSync(file, JSON.stringify(content));
}

/** A cloud assembly as the CDK would write it. */
export function writeAssembly({ stacks, code = {} }: FixtureParts): FixtureAssembly {
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  const files: Record<string, object> = {};
  for (const [hash, text] of Object.entries(code)) {
    mkdirSync(join(folder, `asset.${hash}`));
    writeFileSync(join(folder, `asset.${hash}`, 'index.cjs'), text);
    files[hash] = { source: { path: `asset.${hash}` }, destinations: { current: { objectKey: `${hash}.zip` } } };
  }
  writeJson(join(folder, 'all.assets.json'), { files });
  const artifacts: Record<string, object> = { assets: { type: 'cdk:asset-manifest', properties: { file: 'all.assets.json' } } };
  for (const [name, template] of Object.entries(stacks)) {
    writeJson(join(folder, `${name}.template.json`), template);
    artifacts[name] = { type: 'aws:cloudformation:stack', properties: { templateFile: `${name}.template.json` } };
  }
  writeJson(join(folder, 'manifest.json'), { artifacts });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Opens an assembly of the parts as the host would; queues and secrets get plain names. */
export function openFixture(parts: FixtureParts): Application {
  const { folder, remove } = writeAssembly(parts);
  try {
    return openApplication(loadAssembly(folder), {
      region: 'us-east-1',
      accountId: '000000000000',
      late: {
        queueUrl: (name) => `http://queues/${name}`,
        secretArn: (name) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-abc123`,
      },
    });
  } finally {
    remove();
  }
}

/** A function in a template, with its code under an asset hash. */
export const aFunction = (hash: string, properties: object = {}): object => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/any',
    Code: { S3Bucket: 'assets', S3Key: `${hash}.zip` },
    ...properties,
  },
});
