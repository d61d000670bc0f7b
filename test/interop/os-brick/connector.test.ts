import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { apiVersions } from '../../../drivers/scaleio/simulator/versions.ts';
import { isMissing, runAgainstGateway, verdictsOf } from '../python-client.ts';

const howToInstall = 'python3-os-brick is missing: run `apt-get install -y --no-install-recommends python3-os-brick`';
const script = fileURLToPath(new URL('scaleio_connector.py', import.meta.url));
const cases = 12;

for (const apiVersion of apiVersions) {
  const ran = await runAgainstGateway(script, { apiVersion });

  describe(`OpenStack os-brick's ScaleIO connector at API ${apiVersion}`, () => {
    it('is installed', () => {
      expect(isMissing(ran) ? howToInstall : 'installed').toBe('installed');
    });

    it('runs all its cases', () => {
      expect({ exitCode: ran.exitCode, cases: verdictsOf(ran).length, problems: ran.exitCode === 0 ? '' : ran.stderr }).toEqual({
        exitCode: 0,
        cases,
        problems: '',
      });
    });

    it.each(verdictsOf(ran))('$case', ({ ok, detail }) => {
      expect(ok, detail).toBe(true);
    });
  });
}
