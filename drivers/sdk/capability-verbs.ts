import type { ConsistencyGroupVerbs } from './verbs/consistency-group.ts';
import type { FullCopyRestoreVerbs, FullCopyVerbs } from './verbs/full-copy.ts';
import type { EventsVerbs, StatisticsVerbs } from './verbs/observe.ts';
import type { HostsVerbs, LongOperationVerbs, MaintenanceVerbs } from './verbs/operate.ts';
import type { SnapshotRestoreVerbs, SnapshotVerbs } from './verbs/snapshot.ts';
import type { AdoptVerbs, MigrationVerbs, QosVerbs, RenameVerbs } from './verbs/volume-change.ts';
import type { DiscoveryVerbs, ExpandVerbs, ExportVerbs, IdentityVerbs, VolumeVerbs } from './verbs.ts';

/** What declaring a capability obliges a driver to implement. */
export interface CapabilityVerbs {
  discovery: DiscoveryVerbs;
  volume: VolumeVerbs;
  'volume.expand': ExpandVerbs;
  'volume.rename': RenameVerbs;
  'volume.qos': QosVerbs;
  export: ExportVerbs;
  hosts: HostsVerbs;
  snapshot: SnapshotVerbs;
  'snapshot.restore': SnapshotRestoreVerbs;
  'full-copy': FullCopyVerbs;
  'full-copy.restore': FullCopyRestoreVerbs;
  'consistency-group': ConsistencyGroupVerbs;
  migration: MigrationVerbs;
  adopt: AdoptVerbs;
  statistics: StatisticsVerbs;
  events: EventsVerbs;
  maintenance: MaintenanceVerbs;
  'long-operation': LongOperationVerbs;
}
export type Capability = keyof CapabilityVerbs;

type Intersected<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** The verbs that these capabilities oblige to. */
export type VerbsOf<C extends Capability> = Intersected<CapabilityVerbs[C]>;

type Everything = IdentityVerbs & VerbsOf<Capability>;
export type VerbName = keyof Everything;
export type VerbInput<V extends VerbName> = Parameters<Everything[V]>[0];
export type VerbOutput<V extends VerbName> = Awaited<ReturnType<Everything[V]>>;
