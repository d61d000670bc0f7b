import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAssembly } from '../../../../local/assembly/load.ts';
import { writeAssembly } from '../../../support/assembly.ts';

describe('loading a cloud assembly', () => {
  it('finds the stacks of stages, which are assemblies in the assembly', () => {
    const { folder, remove } = writeAssembly({ stacks: { App: { Resources: {} } } });
    const outer = `${folder}-outer`;
    mkdirSync(outer);
    renameSync(folder, join(outer, 'dev'));
    writeFileSync(
      join(outer, 'manifest.json'),
      JSON.stringify({ artifacts: { dev: { type: 'cdk:cloud-assembly', properties: { directoryName: 'dev' } } } }),
    );
    expect(loadAssembly(outer).map(({ name }) => name)).toEqual(['App']);
    remove();
  });

  it('finds the folders of assets by the name they are published under', () => {
    const { folder, remove } = writeAssembly({ stacks: { App: { Resources: {} } }, code: { abc: '' } });
    expect(loadAssembly(folder)[0]?.assets.get('abc.zip')).toBe(join(folder, 'asset.abc'));
    remove();
  });

  it('says which folder holds no assembly', () => {
    expect(() => loadAssembly('/nowhere')).toThrow('no cloud assembly in /nowhere');
  });

  it('says which file it cannot read', () => {
    const { folder, remove } = writeAssembly({ stacks: { App: { Resources: { Bad: {} } } } });
    expect(() => loadAssembly(folder)).toThrow('App.template.json is not what the host can read');
    remove();
  });
});
