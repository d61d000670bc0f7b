import type { Row } from '../change.ts';
import type { Estate } from './estate.ts';
import type { Finding } from './finding.ts';
import { isOpen } from './operations.ts';

const prefix = 'SLOTS#';

/** A lease that ran out is no slot any more; its row is dropped by the store in time. */
const isHeld = (row: Row, nowMs: number): boolean => row.pk.startsWith(prefix) && Number(row['leaseUntilSeconds']) * 1000 > nowMs;

/** Holders are named by execution: the operation's id, with `-r<n>` for a repair, and the call. */
const operationOf = (row: Row): string => String(row['holder']).slice(0, 36);

export const slotFindings = ({ rows, operations }: Estate, nowMs: number): Finding[] =>
  rows.coordination
    .filter((row) => isHeld(row, nowMs))
    .flatMap((row): Finding[] => {
      const operation = operations.get(operationOf(row));
      if (!operation || isOpen(operation)) return [];
      return [
        {
          check: 'slots',
          subject: `${row.pk} ${row.sk}`,
          says: `it is held for ${row['holder']}, which has ended; the lease runs out at ${new Date(Number(row['leaseUntilSeconds']) * 1000).toISOString()}`,
          repair: {
            does: 'gives it back',
            writes: [
              {
                do: 'delete',
                table: 'Coordination',
                key: { pk: row.pk, sk: row.sk },
                when: [{ attribute: 'holder', is: '=', value: String(row['holder']) }],
              },
            ],
          },
        },
      ];
    });
