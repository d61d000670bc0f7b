import { readFileSync, writeFileSync } from 'node:fs';
import validator from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { compile } from '../../statemachines/dsl/compile.ts';
import { lint } from '../../statemachines/dsl/lint.ts';
import { lintWorkflow } from '../../statemachines/dsl/lint-workflow.ts';
import { workflows } from '../../statemachines/registry.ts';

const goldenUrl = (name: string) => new URL(`./golden/${name}.asl.json`, import.meta.url);
const isUpdating = process.env['UPDATE_GOLDEN'] === '1';

describe.each(workflows.map((workflow) => [workflow.name, workflow] as const))('%s', (name, workflow) => {
  const machine = compile(workflow);
  const text = `${JSON.stringify(machine, null, 2)}\n`;

  it('compiles to what reviewers have seen (UPDATE_GOLDEN=1 rewrites it)', () => {
    if (isUpdating) writeFileSync(goldenUrl(name), text);
    expect(text).toBe(readFileSync(goldenUrl(name), 'utf8'));
  });

  it('is a definition that Step Functions accepts', () => {
    expect(validator(JSON.parse(text)).errors).toEqual([]);
  });

  it('keeps the rules of this build', () => {
    expect(lintWorkflow(workflow)).toEqual([]);
    expect(lint(JSON.parse(text))).toEqual([]);
  });

  it('ends for good: every way out of every state is a state', () => {
    const targets = Object.values(machine.States).flatMap((state) => [
      ...('Next' in state && state.Next !== undefined ? [state.Next] : []),
      ...('Catch' in state ? state.Catch.map((catcher) => catcher.Next) : []),
    ]);
    expect(targets.filter((target) => machine.States[target] === undefined)).toEqual([]);
  });
});
