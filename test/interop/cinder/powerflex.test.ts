import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defaultSeed } from '../../../drivers/scaleio/simulator/default-seed.ts';
import { isMissing, runAgainstGateway, verdictsOf } from '../python-client.ts';

const howToInstall = 'python3-cinder is missing: run `apt-get install -y --no-install-recommends python3-cinder`';
const script = fileURLToPath(new URL('powerflex_client.py', import.meta.url));

/** Cases at every version, and those that Cinder runs from 3.0 on. */
const caseCounts: Record<string, number> = { '2.5': 30, '3.0': 36, '3.6': 36, '4.5': 36 };

/** The tree limit is low, so that the client can reach it. */
const seed = { ...defaultSeed, limits: { snapshotsPerVTree: 3 } };

for (const [version, count] of Object.entries(caseCounts)) {
  const apiVersion = z.enum(['2.5', '3.0', '3.6', '4.5']).parse(version);
  const ran = await runAgainstGateway(script, { apiVersion, seed });

  describe(`OpenStack Cinder's PowerFlex client at API ${apiVersion}`, () => {
    it('is installed', () => {
      expect(isMissing(ran) ? howToInstall : 'installed').toBe('installed');
    });

    it('runs all its cases', () => {
      expect({ exitCode: ran.exitCode, cases: verdictsOf(ran).length, problems: ran.exitCode === 0 ? '' : ran.stderr }).toEqual({
        exitCode: 0,
        cases: count,
        problems: '',
      });
    });

    it.each(verdictsOf(ran))('$case', ({ ok, detail }) => {
      expect(ok, detail).toBe(true);
    });
  });
}
