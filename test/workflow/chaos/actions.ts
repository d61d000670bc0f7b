import * as fc from 'fast-check';
import type { FaultRuleInput } from '../../../drivers/scaleio/simulator/faults.ts';

/** What happens next, chosen blindly: `pick` is reduced to what there is then. */
export type Action =
  | { readonly do: 'create'; readonly count: number; readonly sizeGib: number }
  | { readonly do: 'expand' | 'delete' | 'release' | 'look'; readonly pick: number; readonly sizeGib: number }
  | { readonly do: 'export'; readonly picks: readonly number[]; readonly host: number }
  | { readonly do: 'addToExport' | 'removeFromExport'; readonly group: number; readonly pick: number }
  | { readonly do: 'unexport'; readonly group: number }
  | { readonly do: 'cancel'; readonly pick: number }
  | { readonly do: 'quota'; readonly of: 'vpool' | 'project' | 'tenant'; readonly quotaGb: number }
  | { readonly do: 'rediscover' | 'calm' }
  | { readonly do: 'fail'; readonly array: number; readonly rule: FaultRuleInput }
  | { readonly do: 'store'; readonly fault: 'throttle' | 'conflict' | 'failAfter' | 'loseStart'; readonly times: number }
  | { readonly do: 'crash'; readonly which: 'control' | 'driver' }
  | { readonly do: 'pass'; readonly seconds: number };

const pick = fc.nat({ max: 1000 });
const sizeGib = fc.constantFrom(8, 16, 24, 32);

const limited = fc.constantFrom('vpool' as const, 'project' as const, 'tenant' as const);
/** With 0 it is taken off. Some are soon exceeded. */
const quotaGb = fc.constantFrom(0, 160, 320, 10_000);

const verb = fc.constantFrom('create', 'removeVolume', 'setVolumeSize', 'addMappedSdc', 'removeMappedSdc', 'read', 'list');
/** A fault of thirty calls outlasts the patience of a step. */
const times = fc.constantFrom(1, 2, 3, 30);
const match = fc.record({ verb, nth: fc.integer({ min: 1, max: 2 }) });
const when = fc.constantFrom('before' as const, 'after' as const);

const rule: fc.Arbitrary<FaultRuleInput> = fc.oneof(
  fc.record({ effect: fc.constantFrom('failBefore' as const, 'failAfter' as const), match, times }),
  fc.record({ effect: fc.constant('garbage' as const), match, times, when }),
  fc.record({
    effect: fc.constant('error' as const),
    match,
    times,
    when,
    error: fc.record({ errorCode: fc.constantFrom(164, 191, 9999) }),
  }),
  fc.record({ effect: fc.constant('hang' as const), match, when }),
  // Half of an order is done, and the rest never: what must be taken back.
  fc.record({
    effect: fc.constant('error' as const),
    match: fc.record({ verb: fc.constantFrom('create', 'addMappedSdc'), nth: fc.integer({ min: 2, max: 3 }) }),
    times: fc.constantFrom(1, 2, 30),
    error: fc.constant({ errorCode: 191 }),
  }),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('create' as const), count: fc.integer({ min: 1, max: 4 }), sizeGib }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('expand' as const), pick, sizeGib }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('delete' as const), pick, sizeGib }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), pick, sizeGib }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('look' as const), pick, sizeGib }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('export' as const),
      picks: fc.array(pick, { minLength: 1, maxLength: 3 }),
      host: fc.nat({ max: 1 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('addToExport' as const, 'removeFromExport' as const), group: pick, pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('unexport' as const), group: pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('rediscover' as const, 'calm' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('quota' as const), of: limited, quotaGb }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('fail' as const), array: fc.nat({ max: 1 }), rule }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      fault: fc.constantFrom('throttle' as const, 'conflict' as const, 'failAfter' as const, 'loseStart' as const),
      times,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), which: fc.constantFrom('control' as const, 'driver' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 90 }) }) },
);

/** The same for the same seed. */
export const actionsOf = (seed: number, count: number): readonly Action[] =>
  fc.sample(fc.array(action, { minLength: count, maxLength: count }), { seed, numRuns: 1 })[0] ?? [];
