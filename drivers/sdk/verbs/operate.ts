import type { DriverFailure } from '../errors.ts';
import type { HostComponent, InitiatorType } from '../model.ts';
import type { BatchAnswer } from '../verbs.ts';

/** A part of the array that can be taken out of service. */
export interface MaintenanceItem {
  ref: string;
  component: { type: 'port'; nativeId: string; expectedName: string };
}

export interface MaintenanceState {
  phase: 'inService' | 'entering' | 'inMaintenance' | 'exiting';
  /** Why it may not be taken out of service now; empty: it may. */
  blockers: readonly { code: string; message: string }[];
}

export interface MaintenanceVerbs {
  /** Reads only. A component that is gone → `done` without `observed`. */
  checkMaintenance(request: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>>;
  /**
   * In maintenance already → `done`, `found`; on its way → `inProgress`. Refused (`array.busy`, with the blockers' codes in
   * `facts.blockers`) unless everything else is healthy; at most one component of a system at a time. No data becomes unreachable.
   */
  enterMaintenance(request: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>>;
  /** The inverse. In service → `done`, `found`; on its way back → `inProgress`. */
  exitMaintenance(request: { items: readonly MaintenanceItem[] }): Promise<BatchAnswer<MaintenanceState>>;
}

export interface OperationState {
  /** `unknown`: the array remembers nothing under this handle; the verb that gave it says how things stand. */
  state: 'running' | 'succeeded' | 'failed' | 'cancelled' | 'unknown';
  /** 0 to 100. */
  percent: number;
  /** When to ask again, with `running`. */
  retryAfterSeconds: number;
  cancellable: boolean;
  /** With `failed`. */
  error?: DriverFailure;
}

export interface LongOperationVerbs {
  /** Reads only. Handles outlive the session, the process and the array's failover; an unreadable one → `request.invalid`. */
  pollOperation(request: { handle: string }): Promise<OperationState>;
  /**
   * Asks the array to stop, and answers how things stand; what was done stays or is taken back as the verb says. Ended already → its end. Not
   * cancellable → `request.invalid`. Call until the state is no longer `running`: an array may need several orders to stop.
   */
  cancelOperation(request: { handle: string }): Promise<OperationState>;
}

export interface HostIntent {
  ref: string;
  /** Unique, derived from our id. */
  name: string;
  /** In the words of the API: Linux, Windows, … */
  osType: string;
  initiators: readonly { type: InitiatorType; id: string }[];
}

export interface CommittedHost {
  nativeId: string;
  expectedName: string;
  initiators: readonly { type: InitiatorType; id: string }[];
}

export interface HostItem {
  ref: string;
  host: CommittedHost;
}

/** For arrays on which a host must be registered before anything can be mapped to it. */
export interface HostsVerbs {
  /**
   * An initiator that the array knows already → `done`, `found`, whoever registered it, unchanged. Known under several hosts, or the name
   * taken by another → `object.foreign`. Lost answer → `uncertain`; the next call finds it by its initiators.
   */
  ensureHosts(request: { items: readonly HostIntent[] }): Promise<BatchAnswer<HostComponent>>;
  /**
   * Only for what `ensureHosts` answered `made`. Absent → `done`, `found`. Anything mapped to it → `object.inUse`; another name or other
   * initiators than recorded → `object.drifted`.
   */
  ensureHostsAbsent(request: { items: readonly HostItem[] }): Promise<BatchAnswer<never>>;
}
