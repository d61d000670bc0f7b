import type { Row } from '../change.ts';
import { listingRows } from '../inventory/listings.ts';
import { resourceKey } from '../inventory/resource.ts';
import type { Estate } from './estate.ts';
import type { Finding } from './finding.ts';

const keyText = ({ pk, sk }: Pick<Row, 'pk' | 'sk'>): string => `${pk} ${JSON.stringify(sk)}`;

const isListing = ({ pk }: Row): boolean => pk.startsWith('LIST#') || pk.startsWith('TAG#');

/** A row of a list is an index entry: what it should be follows from its resource, so it may be put and dropped. */
export const listingFindings = ({ rows, resources }: Estate): Finding[] => {
  const wanted = new Map(
    [...resources.values()].flatMap((resource) =>
      listingRows(resource).map((row) => [keyText(row), { row, version: resource.version }] as const),
    ),
  );
  const present = new Map(rows.inventory.filter(isListing).map((row) => [keyText(row), row]));
  const missing = [...wanted].flatMap(([text, { row, version }]): Finding[] => {
    if (present.get(text)?.['id'] === row.id) return [];
    return [
      {
        check: 'listings',
        subject: text,
        says: present.has(text) ? `it names ${present.get(text)?.['id']} and not ${row.id}` : `${row.id} is missing there`,
        ...(present.has(text)
          ? {}
          : {
              repair: {
                does: 'puts it there',
                writes: [
                  { do: 'put', table: 'Inventory', row, when: [{ attribute: 'pk', is: 'absent' }] },
                  { do: 'check', table: 'Inventory', key: resourceKey(row.id), when: [{ attribute: 'version', is: '=', value: version }] },
                ],
              },
            }),
      },
    ];
  });
  return [...missing, ...[...present].flatMap(([text, row]) => (wanted.has(text) ? [] : [surplus(text, row, resources)]))];
};

const surplus = (text: string, row: Row, resources: Estate['resources']): Finding => {
  const id = String(row['id']);
  const resource = resources.get(id);
  const unchanged = resource
    ? ({ attribute: 'version', is: '=', value: resource.version } as const)
    : ({ attribute: 'pk', is: 'absent' } as const);
  return {
    check: 'listings',
    subject: text,
    says: `it lists ${id}, which ${resource ? 'does not belong there' : 'does not exist'}`,
    repair: {
      does: 'drops it',
      writes: [
        { do: 'delete', table: 'Inventory', key: { pk: row.pk, sk: row.sk }, when: [{ attribute: 'id', is: '=', value: id }] },
        { do: 'check', table: 'Inventory', key: resourceKey(id), when: [unchanged] },
      ],
    },
  };
};
