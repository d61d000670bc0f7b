import type { Estate } from './estate.ts';
import type { Finding } from './finding.ts';

const prefix = 'TOMBSTONE#';

/** What a failed creation left lets discovery remove a volume; it must never be that of a volume that is on record. */
export const tombstoneFindings = ({ rows, resources }: Estate): Finding[] =>
  rows.coordination
    .filter(({ pk }) => pk.startsWith(prefix))
    .flatMap(({ pk, sk, ...row }): Finding[] => {
      const volume = resources.get(String(row['volumeId']));
      if (!volume || volume.inactive) return [];
      return [
        {
          check: 'tombstones',
          subject: `${pk} ${sk}`,
          says: `it says that the creation of ${volume.id} failed, and that volume is on record`,
          repair: {
            does: 'drops it',
            writes: [
              {
                do: 'delete',
                table: 'Coordination',
                key: { pk, sk },
                when: [{ attribute: 'volumeId', is: '=', value: volume.id }],
              },
            ],
          },
        },
      ];
    });
