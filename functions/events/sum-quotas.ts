import { type QuotaDifference, sumQuotas } from '../../core/quota/sum.ts';
import type { EventPorts } from './ports.ts';

const differs = ({ bytes, unmarked }: QuotaDifference): boolean => bytes !== 0 || unmarked !== 0;

const same = (a: QuotaDifference, b: QuotaDifference): boolean =>
  a.quota.id === b.quota.id && a.bytes === b.bytes && a.unmarked === b.unmarked;

/** Sums what the volumes of each quota have and compares it with its counter, which is left as it is. What differs twice is told. */
export const sumEveryQuota = async (ports: EventPorts): Promise<void> => {
  const first = (await sumQuotas(ports.rows)).filter(differs);
  const second = first.length > 0 ? await sumQuotas(ports.rows) : [];
  for (const difference of second.filter((one) => first.some((other) => same(one, other)))) {
    const { quota, bytes, unmarked } = difference;
    ports.count('CapacityDifference');
    ports.log.error('the counter of a quota differs from the sum of its volumes', {
      id: quota.id,
      usedBytes: quota.usedBytes,
      bytes,
      unmarked,
    });
  }
};
