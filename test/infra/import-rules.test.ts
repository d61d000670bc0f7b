import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { cruise, importFailure } from '../measure/imports.ts';

const root = resolve(import.meta.dirname, '..', '..');
const base = mkdtempSync(join(tmpdir(), 'patina-imports-'));

const report = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

/** A module, what it must not import, and the rule that says so. Each stands in a folder of its own kind, outside the project. */
const forbidden = [
  ['core/a.ts', '../platform/aws/rows.ts', 'core-is-pure'],
  ['core/b.ts', '../drivers/alpha/index.ts', 'core-is-pure'],
  ['drivers/sdk/a.ts', '../../core/urn.ts', 'sdk-stands-alone'],
  ['drivers/alpha/a.ts', '../beta/index.ts', 'driver-knows-arrays-only'],
  ['drivers/alpha/b.ts', '../../core/urn.ts', 'driver-knows-arrays-only'],
  ['drivers/alpha/simulator/a.ts', '../index.ts', 'simulator-is-not-the-driver'],
  ['statemachines/dsl/a.ts', '../../core/urn.ts', 'dsl-is-data'],
  ['statemachines/volume-create/workflow.ts', '../../core/urn.ts', 'workflows-are-data'],
  ['statemachines/volume-delete/workflow.ts', '../../drivers/sdk/verbs.ts', 'workflows-are-data'],
  ['statemachines/volume-delete/steps.ts', '../volume-create/workflow.ts', 'steps-are-pure'],
  ['statemachines/volume-expand/items.ts', '../../functions/http/route.ts', 'steps-are-pure'],
  ['statemachines/volume-create/steps.ts', '../../platform/aws/rows.ts', 'steps-are-pure'],
  ['functions/http/api/block/a.ts', '../../../../platform/aws/rows.ts', 'routes-know-core'],
  ['functions/control/a.ts', '../../platform/aws/rows.ts', 'platform-only-in-entries'],
  ['platform/aws/a.ts', '../../functions/http/route.ts', 'platform-implements-ports'],
  ['cdk/a.ts', '../platform/aws/rows.ts', 'cdk-loads-declarations'],
  ['cdk/b.ts', '../functions/control/entry.ts', 'cdk-never-loads-an-entry'],
  ['local/a.ts', '../functions/control/entry.ts', 'local-runs-the-assembly'],
  ['functions/events/a.ts', '../../drivers/alpha/index.ts', 'functions-compose'],
  ['core/c.ts', '@aws-sdk/client-sfn', 'aws-sdk-only-in-platform'],
  ['core/d.ts', 'aws-cdk-lib', 'cdk-lib-only-in-cdk'],
  ['core/e.ts', 'fast-check', 'product-ships-dependencies-only'],
  ['core/f.ts', '../test/support/fakes.ts', 'nobody-imports-tests'],
  ['core/g.ts', './h.ts', 'no-cycles'],
  ['core/i.ts', './not-there.ts', 'nothing-unresolved'],
] as const;

const allowed = [
  ['core/h.ts', './g.ts'],
  ['core/ok.ts', '../drivers/sdk/errors.ts'],
  ['statemachines/export-create/workflow.ts', '../dsl/define.ts'],
  ['statemachines/export-delete/workflow.ts', '../../drivers/sdk/errors.ts'],
  ['statemachines/export-create/steps.ts', './items.ts'],
  ['statemachines/export-create/items.ts', '../../drivers/sdk/verbs.ts'],
  ['statemachines/export-delete/steps.ts', '../../core/urn.ts'],
  ['functions/control/entry.ts', '../../platform/aws/rows.ts'],
  ['platform/aws/rows.ts', '@aws-sdk/client-sfn'],
  ['test/support/fakes.ts', '../../core/urn.ts'],
] as const;

const targets = [
  'core/urn.ts',
  'statemachines/dsl/define.ts',
  'drivers/sdk/verbs.ts',
  'drivers/sdk/errors.ts',
  'drivers/alpha/index.ts',
  'drivers/beta/index.ts',
  'functions/http/route.ts',
];

const place = (path: string, text: string): void => {
  mkdirSync(dirname(join(base, path)), { recursive: true });
  writeFileSync(join(base, path), text);
};

let found: z.infer<typeof report>['summary'];

beforeAll(() => {
  symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'));
  for (const name of ['tsconfig.json', 'package.json']) cpSync(join(root, name), join(base, name));
  for (const path of targets) place(path, 'export const here = 1;\n');
  for (const [path, imported] of [...forbidden, ...allowed])
    place(path, `import * as other from '${imported}';\nexport const there = other;\n`);
  const folders = ['core', 'drivers', 'functions', 'platform', 'statemachines', 'local', 'cdk', 'test'];
  found = report.parse(JSON.parse(cruise(base, folders, '--output-type', 'json').stdout)).summary;
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

const brokenBy = (path: string): string[] => found.violations.filter(({ from }) => from === path).map(({ rule }) => rule.name);

describe('the import rules', () => {
  it.each(forbidden)('refuse that %s imports %s: %s', (path, _imported, rule) => {
    expect(brokenBy(path)).toContain(rule);
  });

  it.each(allowed)('let %s import %s', (path) => {
    expect(brokenBy(path)).toEqual([]);
  });

  it('are held against every module', () => {
    expect(found.totalCruised).toBeGreaterThanOrEqual(forbidden.length + allowed.length + targets.length);
  });
});

describe('the gate of imports', () => {
  it('fails when a rule is broken', () => {
    expect(importFailure(cruise(base, ['core']))).toBe('the import rules are broken');
  });

  it('fails when nothing was read, although nothing is wrong then', () => {
    mkdirSync(join(base, 'empty'));
    const nothing = cruise(base, ['empty']);
    expect(nothing.status).toBe(0);
    expect(importFailure(nothing)).toBe('dependency-cruiser read only 0 modules');
  });
});
