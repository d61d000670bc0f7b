import { referenceBody, stubBody } from '../inventory/links.ts';
import { portScope } from '../inventory/listings.ts';
import { getMany, listStubs, type Reader } from '../inventory/read.ts';
import type { ExportGroup, Initiator, Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { type ExportPair, pairKey, pairOf, readPairs } from './pair.ts';

/** As CoprHD marks a logical unit without a number. */
const noNumber = -1;

interface Known {
  readonly volumes: ReadonlyMap<string, Pick<Volume, 'wwn'>>;
  readonly groups: ReadonlyMap<string, Pick<ExportGroup, 'id' | 'name'>>;
}

const itlBody = (pair: ExportPair, group: Pick<ExportGroup, 'id' | 'name'>, wwn: string | undefined) => ({
  hlu: pair.lun ?? noNumber,
  device: { ...referenceBody(pair.volumeId), wwn: wwn ?? null },
  initiator: { ...referenceBody(pair.initiatorId), port: pair.port },
  target: {},
  export: stubBody(group),
  san_zone_name: '',
  device_path: pair.devicePath ?? null,
});

/** One entry for each mapping and group that wants it; groups that the caller does not see are left out. */
const itlBodies = (pairs: readonly ExportPair[], { volumes, groups }: Known) =>
  pairs.flatMap((pair) =>
    pair.groups.flatMap((id) => {
      const group = groups.get(id);
      return group ? [itlBody(pair, group, volumes.get(pair.volumeId)?.wwn)] : [];
    }),
  );

const byId = <T extends { readonly id: string }>(all: readonly T[]): Map<string, T> => new Map(all.map((one) => [one.id, one]));

const withGroups = async (at: { rows: Rows; reader: Reader }, volumes: readonly Volume[], pairs: readonly ExportPair[]) => {
  const ids = [...new Set(pairs.flatMap(({ groups }) => groups))];
  const groups = await getMany(at.rows, at.reader, { type: 'ExportGroup', ids });
  return itlBodies(pairs, { volumes: byId(volumes), groups: byId(groups) });
};

/** How volumes are mapped: initiator, target, logical unit. */
export const itlsOfVolumes = async (at: { rows: Rows; reader: Reader }, volumes: readonly Volume[]) => {
  const pairs = await Promise.all(volumes.map(({ id }) => readPairs(at.rows, id)));
  return withGroups(at, volumes, pairs.flat());
};

const initiatorsOfPorts = async ({ rows, reader }: { rows: Rows; reader: Reader }, ports: readonly string[]): Promise<Initiator[]> => {
  const lists = await Promise.all(ports.map((port) => listStubs(rows, { type: 'Initiator', scope: portScope(port) })));
  return getMany(rows, reader, { type: 'Initiator', ids: lists.flatMap(({ stubs }) => stubs.map(({ id }) => id)) });
};

const groupsOfInitiator = async ({ rows, reader }: { rows: Rows; reader: Reader }, id: string): Promise<ExportGroup[]> => {
  const { stubs } = await listStubs(rows, { type: 'ExportGroup', scope: id });
  return getMany(rows, reader, { type: 'ExportGroup', ids: stubs.map((stub) => stub.id) });
};

const pairsOfInitiator = async (at: { rows: Rows; reader: Reader }, { id }: Initiator): Promise<ExportPair[]> => {
  const groups = await groupsOfInitiator(at, id);
  const volumeIds = [...new Set(groups.flatMap(({ volumes }) => volumes.map((volume) => volume.id)))];
  const keys = volumeIds.map((volumeId) => pairKey({ volumeId, initiatorId: id }));
  const rows = await at.rows.getMany('Inventory', keys);
  return rows.flatMap((row) => (row ? [pairOf(row)] : []));
};

/** What initiators, named by their ports, have mapped. Ports that nobody has are left out. */
export const itlsOfPorts = async (at: { rows: Rows; reader: Reader }, ports: readonly string[]) => {
  const initiators = await initiatorsOfPorts(at, ports);
  const pairs = (await Promise.all(initiators.map((initiator) => pairsOfInitiator(at, initiator)))).flat();
  const volumes = await getMany(at.rows, at.reader, { type: 'Volume', ids: [...new Set(pairs.map(({ volumeId }) => volumeId))] });
  return withGroups(at, volumes, pairs);
};
