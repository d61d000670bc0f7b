import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Live, startLive } from '../support/live.ts';

let live: Live;
beforeAll(async () => {
  live = await startLive({ simulators: [{}] });
});
afterAll(() => live.close());

/** The commands of the README's section, but for the first, which say where and who. */
const commands = (): string => {
  const [, section = ''] = readFileSync('README.md', 'utf8').split('### A first volume\n');
  const blocks = [...(section.split('\n## ')[0] ?? '').matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  expect(blocks[0]).toContain('PASSWORD=');
  return blocks.slice(1).join('\n');
};

describe('the first volume of the README', () => {
  it('is made by its commands, word for word', async () => {
    const [simulator] = live.simulators;
    const env = {
      ...process.env,
      URL: live.host.url,
      GATEWAY_PORT: String(simulator?.port),
      PASSWORD: live.host.rootPassword ?? '',
      FINGERPRINT: simulator?.fingerprint256 ?? '',
    };
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', commands()], { env });
    const answers = stdout.trimEnd().split('\n');
    const pools = answers.slice(2, -3);
    expect(answers.map((answer) => (answer.startsWith('{') ? 'an answer' : answer))).toEqual(
      ['an answer', 'ready', pools, 'an answer', 'ready', 'an answer'].flat(),
    );
    expect(pools.length).toBeGreaterThan(0);
    expect(JSON.parse(answers[0] ?? '')).toMatchObject({ common_name: 'root' });
    expect(JSON.parse(answers.at(-3) ?? '')).toMatchObject({ dry_run: true, plan: { volumes: [{ name: 'data' }] } });
    expect(JSON.parse(answers.at(-1) ?? '')).toMatchObject({ name: 'data', provisioned_capacity_gb: '8.00', inactive: false });
  });
});
