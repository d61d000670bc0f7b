import { formatGib } from '../capacity/size.ts';
import type { Write } from '../change.ts';
import type { Author } from '../inventory/changes.ts';
import type { Resource } from '../inventory/resource.ts';
import type { Volume } from '../inventory/schemas.ts';
import { quotaEvent } from '../quota/event.ts';
import { limits } from '../quota/limits.ts';
import { countingKey, type Quota, quotaKey } from '../quota/quota.ts';
import { differenceOf, type QuotaDifference, quotaSum } from '../quota/sum.ts';
import { activeOf, type Estate } from './estate.ts';
import type { Finding } from './finding.ts';

/** Nothing was taken or given back since the counter was read; so the volumes were read as they were then. */
const asRead = ({ moves, version }: Quota) =>
  [
    { attribute: 'moves', is: '=', value: moves },
    { attribute: 'version', is: '=', value: version },
  ] as const;

/** Volumes without a mark are counted as those are that were there before the quota. */
const correct = ({ quota, bytes, unmarked }: QuotaDifference, limited: Resource, author: Author): Write[] => {
  const usedBytes = quota.usedBytes - bytes;
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: quotaKey(quota.id),
      set: { usedBytes, ...(unmarked > 0 ? { state: 'counting' } : {}) },
      add: { moves: 1, version: 1 },
      when: asRead(quota),
    },
    ...(unmarked > 0 ? [{ do: 'put', table: 'Inventory', row: { ...countingKey(quota.id) } } as const] : []),
    quotaEvent(author, limited, { before: { quotaUsedBytes: quota.usedBytes }, after: { quotaUsedBytes: usedBytes } }),
  ];
};

const saying = (difference: QuotaDifference, volumes: number): string => {
  const { quota, bytes, unmarked } = difference;
  const sum = `${formatGib(quota.usedBytes - bytes)} GiB`;
  const left = unmarked > 0 ? `; ${unmarked} of them are not counted` : '';
  return `its quota's counter says ${formatGib(quota.usedBytes)} GiB, its ${volumes} volumes sum up to ${sum}${left}`;
};

const repairOf = (difference: QuotaDifference, limited: Resource, author: Author): NonNullable<Finding['repair']> => ({
  does: `sets the counter to the sum${difference.unmarked > 0 ? ', and has the others counted within a minute' : ''}`,
  writes: correct(difference, limited, author),
});

interface Judging {
  readonly quota: Quota;
  readonly limited: Resource;
  readonly volumes: readonly Volume[];
}

const judge = ({ quota, limited, volumes }: Judging, author: Author): Finding[] => {
  const sum = quotaSum(quota.id, volumes);
  const difference = differenceOf(quota, sum);
  if (sum.isMoving || (difference.bytes === 0 && difference.unmarked === 0)) return [];
  return [{ check: 'quotas', subject: quota.id, says: saying(difference, volumes.length), repair: repairOf(difference, limited, author) }];
};

/** An order that is stored, or taken back, in several transactions has taken all of its quotas before, and gives them back after its volumes. */
const isBetween = ({ operations }: Estate): boolean =>
  [...operations.values()].some(({ state }) => state === 'accepting' || state === 'rolling-back');

/** A quota of which a volume is being worked on is not judged: what is taken is in its counter before it is in a volume's row. */
export const quotaFindings = (estate: Estate, author: Author): Finding[] => {
  if (isBetween(estate)) return [];
  const volumes = activeOf(estate, 'Volume');
  return estate.quotas.flatMap((quota) => {
    const limited = estate.resources.get(quota.id);
    const own = volumes.filter((volume) => limits.some(({ idOf }) => idOf(volume) === quota.id));
    return limited ? judge({ quota, limited, volumes: own }, author) : [];
  });
};
