import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildApp } from '../../cdk/app.ts';

const outdir = mkdtempSync(join(tmpdir(), 'patina-alone-'));
const app = buildApp({ outdir, routes: [], codeOf: () => Code.fromInline('exports.handler = async () => {}') });
const stacks = app.synth().stacks.map((stack) => stack.id);
rmSync(outdir, { recursive: true });
process.stdout.write(`${stacks.join(' ')}\n`);
