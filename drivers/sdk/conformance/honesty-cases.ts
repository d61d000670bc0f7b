import assert from 'node:assert/strict';
import { capabilityVerbs } from '../capabilities.ts';
import { limitsSchema } from '../capability-limits.ts';
import type { Capability } from '../capability-verbs.ts';
import { type DriverDescription, describeDriver } from '../describe.ts';
import { contractVersion } from '../driver.ts';
import type { CapabilityInstance } from '../model/capability.ts';
import { type Bench, lackOf } from './bench.ts';
import type { ConformanceCase } from './case.ts';
import { failsWith } from './expect.ts';
import { allPhysical } from './inventory-pages.ts';

const instancesOf = async (bench: Bench): Promise<readonly CapabilityInstance[]> => [
  ...(bench.identity.capabilities ?? []),
  ...(await allPhysical(bench)).capabilities,
];

const isDeclared = ({ target }: Bench, { capability }: CapabilityInstance): boolean =>
  capability.startsWith('native.') || target.declaration.capabilities.some((declared) => declared === capability);

/** What a driver says about itself must be true of it. */
export const honestyCases: readonly ConformanceCase[] = [
  {
    name: 'describes itself as declared, without an array',
    capability: 'identity',
    async run({ target }) {
      const answer = await target.serve({ contractVersion, verb: 'describe' }, []);
      const { capabilities, type, options } = answer.output as DriverDescription;
      const declared = describeDriver(target.declaration);
      assert.deepEqual(
        { type, capabilities: [...capabilities].sort() },
        { type: declared.type, capabilities: [...declared.capabilities].sort() },
      );
      assert.equal(options['type'], 'object', 'the property bag is an object');
      assert.deepEqual(answer.gatewayCalls, { login: 0, read: 0, change: 0 });
    },
  },
  {
    name: 'gives each property of its bag a title and a description',
    capability: 'identity',
    async run({ target }) {
      const answer = await target.serve({ contractVersion, verb: 'describe' }, []);
      const { properties = {} } = (answer.output as DriverDescription).options as { properties?: Record<string, Record<string, unknown>> };
      for (const [name, { title, description }] of Object.entries(properties)) assert.ok(title && description, name);
    },
  },
  {
    name: 'refuses a property that its bag does not have, before anything is sent',
    capability: 'identity',
    async run({ serve, target }) {
      const options = { ...(target.options as object), 'no such property': 1 };
      const answer = await serve('checkConnection', null, { options, credentials: target.credentials });
      failsWith(answer, 'DriverRejected', 'request.invalid');
      assert.equal(answer.gatewayCalls.login, 0);
    },
  },
  {
    name: 'tells instances only of what it declares, in the declared shape, of parts that are there',
    capability: 'discovery',
    async run(bench) {
      const ids: Readonly<Record<CapabilityInstance['scope'], readonly string[]>> = {
        array: [],
        system: bench.pools.map(({ systemNativeId }) => systemNativeId),
        pool: bench.pools.map(({ nativeId }) => nativeId),
        port: bench.ports.map(({ nativeId }) => nativeId),
      };
      for (const instance of await instancesOf(bench)) {
        assert.ok(isDeclared(bench, instance), `${instance.capability} is not declared`);
        assert.equal(instance.nativeId === undefined, instance.scope === 'array', JSON.stringify(instance));
        if (instance.nativeId !== undefined) assert.ok(ids[instance.scope].includes(instance.nativeId), JSON.stringify(instance));
        if (instance.capability.startsWith('native.')) continue;
        limitsSchema(bench.target.declaration, instance.capability as Capability).parse(instance.limits);
      }
    },
  },
  {
    name: 'warns of an account that may do more than is needed',
    capability: 'identity',
    async run({ identity }) {
      if (identity.account?.moreThanNeeded) assert.ok(identity.warnings.length > 0, 'nobody is warned');
      assert.notEqual(identity.account?.role, '', 'a role has a name');
    },
  },
  {
    name: 'refuses what this array is too old for by name, and says which version has it',
    capability: 'identity',
    async run({ identity, serve, target: { declaration } }) {
      for (const capability of declaration.capabilities) {
        const since = declaration.capabilityDefinitions?.[capability]?.since;
        if (since === undefined || lackOf(declaration, identity, capability) !== `version ${since}`) continue;
        for (const verb of capabilityVerbs[capability]) {
          const answer = await serve(verb, inputOfNothing(verb));
          failsWith(answer, 'DriverRejected', 'capability.missing');
          assert.deepEqual([answer.error?.facts?.['capability'], answer.error?.facts?.['since']], [capability, since]);
        }
      }
    },
  },
];

/** The least input that has the right shape. */
const inputOfNothing = (verb: string): unknown => {
  if (verb === 'pollOperation' || verb === 'cancelOperation') return { handle: 'none' };
  if (verb === 'readStatistics') return { objectTypes: ['pool'], limit: 1 };
  if (verb === 'readEvents') return { limit: 1 };
  return { items: [] };
};
