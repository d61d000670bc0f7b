import { ControlPlaneError } from '../errors.ts';
import { ownTenant, type Principal } from '../identity/access.ts';
import { getMany, getReferred, listStubs } from '../inventory/read.ts';
import type { ExportGroup, Initiator, Volume } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import type { Members } from './plan.ts';

export interface Asking {
  readonly rows: Rows;
  readonly principal: Principal;
}

/** Volumes that a request names, which must lie where the group is. */
export const findVolumes = async (
  asking: Asking,
  group: Pick<ExportGroup, 'name' | 'varrayId'>,
  ids: readonly string[],
): Promise<Volume[]> => {
  const reader = ownTenant(asking.principal);
  const volumes = await Promise.all(
    [...new Set(ids)].map((id) => getReferred(asking.rows, reader, { type: 'Volume', id, field: 'volumes' })),
  );
  const elsewhere = volumes.find(({ varrayId }) => varrayId !== group.varrayId);
  if (elsewhere)
    throw new ControlPlaneError(
      `volumes: the volume ${elsewhere.name} lies in the virtual array ${elsewhere.varrayId}, the export group ${group.name} in ${group.varrayId}`,
      { code: 'request.parameterInvalid' },
    );
  return volumes;
};

const initiatorsOfHost = async ({ rows, principal }: Asking, id: string): Promise<Initiator[]> => {
  const host = await getReferred(rows, ownTenant(principal), { type: 'Host', id, field: 'hosts' });
  const { stubs } = await listStubs(rows, { type: 'Initiator', scope: id });
  const initiators = await getMany(rows, ownTenant(principal), { type: 'Initiator', ids: stubs.map((stub) => stub.id) });
  if (initiators.length === 0)
    throw new ControlPlaneError(`hosts: the host ${host.name} has no initiators to export to`, { code: 'request.parameterInvalid' });
  return initiators;
};

/** The initiators that a request names, itself or by their hosts. */
export const findInitiators = async (
  asking: Asking,
  named: { readonly hosts: readonly string[]; readonly initiators: readonly string[] },
): Promise<Initiator[]> => {
  const reader = ownTenant(asking.principal);
  const [single, ofHosts] = await Promise.all([
    Promise.all(named.initiators.map((id) => getReferred(asking.rows, reader, { type: 'Initiator', id, field: 'initiators' }))),
    Promise.all(named.hosts.map((id) => initiatorsOfHost(asking, id))),
  ]);
  const all = [...single, ...ofHosts.flat()];
  return [...new Map(all.map((initiator) => [initiator.id, initiator])).values()];
};

export const membersOf = (volumes: Members['volumes'], initiators: readonly Initiator[]): Members => ({
  volumes: [...volumes],
  hostIds: [...new Set(initiators.map(({ hostId }) => hostId))],
  initiatorIds: initiators.map(({ id }) => id),
});

export const noMembers: Members = { volumes: [], hostIds: [], initiatorIds: [] };

/** There are no clusters to export to yet. */
export const refuseClusters = (clusters: readonly string[]): void => {
  if (clusters.length === 0) return;
  throw new ControlPlaneError('clusters: exports to clusters are not supported; name the hosts or initiators', {
    code: 'export.unsupported',
  });
};
