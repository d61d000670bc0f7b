import type { InventoryPage } from '../../drivers/sdk/verbs.ts';
import type { Row, Write } from '../change.ts';
import { type Author, changed, created } from '../inventory/changes.ts';
import { fromRow } from '../inventory/resource.ts';
import { hostSchema, initiatorSchema, poolSchema, portSchema, type StoragePool, systemSchema } from '../inventory/schemas.ts';
import {
  asNew,
  type Finding,
  foundHost,
  foundInitiator,
  foundPool,
  foundPort,
  foundSystem,
  type PoolFigures,
  poolFigures,
} from './found.ts';

/** One object of a page, ready to be compared with what is stored under its id. */
export interface Candidate {
  readonly id: string;
  /** The writes that make the stored row what was found; none when nothing changed. Always one transaction's worth. */
  writes(stored: Row | undefined, author: Author): Write[];
}

const plainSchemas = { StorageSystem: systemSchema, StoragePort: portSchema, Host: hostSchema, Initiator: initiatorSchema } as const;

const seenAgain = { visibility: 'visible' as const, notVisibleSince: undefined };

const isSame = (stored: Row, digest: string): boolean => stored['digest'] === digest && stored['visibility'] === 'visible';

/** A removed record of something that is seen again comes back to life. */
const revived = (stored: Row) => (stored['inactive'] === true ? { inactive: false } : {});

const plainCandidate = <F extends { id: string; name: string; digest: string }>(
  type: keyof typeof plainSchemas,
  found: F,
  at: string,
): Candidate => ({
  id: found.id,
  writes: (stored, author) => {
    if (!stored) return created(asNew(found, at), author);
    if (isSame(stored, found.digest) && stored['inactive'] !== true) return [];
    const previous = fromRow(plainSchemas[type], stored);
    return changed(previous, { ...found, ...seenAgain, ...revived(stored) }, { author });
  },
});

const sameFigures = (stored: StoragePool, figures: PoolFigures): boolean =>
  (Object.keys(figures) as (keyof PoolFigures)[]).every((name) => stored[name] === figures[name]);

/** What of our volumes the new figures surely include: what was there before the array was read, and still is. */
const surelyObserved = (now: number, before: Row[string]): number => Math.min(now, typeof before === 'number' ? before : 0);

const surelyObservedBytes = (stored: StoragePool, before: Row | undefined) => ({
  observedManagedBytes: surelyObserved(stored.managedBytes, before?.['managedBytes']),
  observedManagedThickBytes: surelyObserved(stored.managedThickBytes, before?.['managedThickBytes']),
});

/** Also while the array's figures are as they were: what was released is in them, and is not ours any more. */
const isLess = (surely: ReturnType<typeof surelyObservedBytes>, stored: StoragePool): boolean =>
  surely.observedManagedBytes < stored.observedManagedBytes || surely.observedManagedThickBytes < (stored.observedManagedThickBytes ?? 0);

interface PoolInput {
  readonly finding: Finding;
  readonly found: ReturnType<typeof foundPool>;
  readonly figures: PoolFigures;
  /** The pool's row as it was before the array was read. */
  readonly before: Row | undefined;
}

const poolCandidate = ({ finding, found, figures, before }: PoolInput): Candidate => ({
  id: found.id,
  writes: (stored, author) => {
    const observed = { ...figures, observation: finding.observation, observedAt: finding.at };
    if (!stored) {
      const ours = { observedManagedBytes: 0, managedBytes: 0, managedThickBytes: 0, managedCount: 0 };
      const others = { foreignCount: figures.volumeCount, isCounted: true as const };
      return created(
        { ...asNew(found, finding.at), ...observed, ...ours, ...others, registration: 'registered', assignedVarrayIds: [] } as StoragePool,
        author,
      );
    }
    const previous = fromRow(poolSchema, stored);
    const surely = surelyObservedBytes(previous, before);
    const moved = sameFigures(previous, figures) && !isLess(surely, previous) ? {} : { ...observed, ...surely };
    const same = isSame(stored, found.digest) && !previous.inactive;
    return changed(previous, { ...(same ? {} : { ...found, ...seenAgain, ...revived(stored) }), ...moved }, { author });
  },
});

export interface Comparison {
  readonly finding: Finding;
  /** Protocols that the hosts' initiators speak: what pools of this array can be exported by. */
  readonly protocols: readonly string[];
  /** Rows of pools as they were before the array was read, by id. */
  readonly before: ReadonlyMap<string, Row>;
}

/** Everything on a page, ready to be compared. */
export const candidatesOf = (page: InventoryPage, { finding, protocols, before }: Comparison): Candidate[] => {
  const { at } = finding;
  return [
    ...page.systems.map((system) => plainCandidate('StorageSystem', foundSystem(finding, system), at)),
    ...page.pools.map((pool) => {
      const found = foundPool(finding, pool, protocols);
      return poolCandidate({ finding, found, figures: poolFigures(pool), before: before.get(found.id) });
    }),
    ...page.ports.map((port) => plainCandidate('StoragePort', foundPort(finding, port), at)),
    ...page.hosts.flatMap((host) => [
      plainCandidate('Host', foundHost(finding, host), at),
      ...host.initiators.map((initiator) => plainCandidate('Initiator', foundInitiator(finding, host, initiator), at)),
    ]),
  ];
};
