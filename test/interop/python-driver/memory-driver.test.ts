import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { conformanceCases, runConformanceCase } from '../../../drivers/sdk/conformance/suite.ts';
import { httpDriver, stdioDriver, wireTarget } from '../../../drivers/sdk/conformance/wire-target.ts';

const script = fileURLToPath(new URL('../../../drivers/sdk/conformance/examples/memory-driver.py', import.meta.url));
const credentials = { username: 'admin', password: 'interop-secret' };
process.env['ARRAY_PASSWORD'] = credentials.password;

const common = {
  connection: { endpoints: [{ host: '10.0.0.1', port: 443 }], tls: { mode: 'none' as const } },
  credentials,
  options: {},
  allowedCidrs: ['10.0.0.0/8'],
  lacks: ['network' as const],
};

const stdio = stdioDriver(['python3', script]);
const overStdio = await wireTarget({ ...common, driver: stdio });

const server = spawn('python3', [script, '--http'], { stdio: ['pipe', 'pipe', 'inherit'] });
const [ready] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
const overHttp = await wireTarget({ ...common, driver: httpDriver(`http://127.0.0.1:${ready.split(' ')[1]}/`) });

afterAll(async () => {
  server.stdin.end();
  await stdio.close();
});

describe.each([
  { way: 'lines of JSON', target: overStdio },
  { way: 'HTTP', target: overHttp },
])('a driver in plain Python, over $way', ({ target }) => {
  it('says what it is in the words of the contract', () => {
    expect(target.declaration).toMatchObject({ type: 'memory', capabilities: ['discovery', 'volume', 'volume.expand'] });
    expect(target.declaration.options.safeParse({ label: 'x' }).success).toBe(true);
    expect(target.declaration.options.safeParse({ label: 7 }).success).toBe(false);
  });

  it.each(conformanceCases(target.declaration))('$capability: $name', async (conformanceCase) => {
    const result = await runConformanceCase(target, conformanceCase);
    const lacking = (conformanceCase.needs ?? []).filter((need) => need !== 'outsider');
    const beyondIts = (conformanceCase.needs ?? []).map(() => expect.stringMatching(/^nobody else has the means: .* is not declared$/));
    const expected = lacking.length > 0 ? { status: 'notApplicable', needs: lacking } : { status: 'passed' };
    expect([expected, { status: 'notApplicable', needs: beyondIts }]).toContainEqual(result);
  });
});
