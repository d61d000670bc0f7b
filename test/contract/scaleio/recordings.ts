import { readFileSync } from 'node:fs';

const folder = new URL('../../../drivers/scaleio/fixtures/', import.meta.url);

/** The csi-powerflex project wrote placeholders into its recording of a volume. */
const placeholders: Record<string, string> = {
  __SIZE_IN_KB__: '8388608',
  __MAPPED_SDC_INFO__: 'null',
  __VOLUME_REPLICATION_STATE__: 'UnmarkedForReplication',
  '"__CONSISTENCY_GROUP_ID__"': 'null',
  '"__ANCESTOR_ID__"': 'null',
};

export function recording(path: string): unknown {
  const text = readFileSync(new URL(path, folder), 'utf8');
  const filled = Object.entries(placeholders).reduce((filling, [from, to]) => filling.replaceAll(from, to), text);
  return JSON.parse(filled);
}
