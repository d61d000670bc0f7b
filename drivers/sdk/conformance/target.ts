import type { ArrayConnection, Credentials, DriverAnswer, DriverDeclaration } from '../driver.ts';
import type { InitiatorType, ProvisioningType } from '../model.ts';

/** Effects on the array whose answer can be made to get lost. */
export const effects = ['create', 'remove', 'expand', 'map', 'unmap', 'snapshot', 'restore', 'rename', 'limit', 'migrate'] as const;
export type Effect = (typeof effects)[number];

/** What comes instead of an answer: nothing, a page that no array sent, or status 503 of something before the array. */
export type Spoiling = 'cut' | 'garbage' | 'unavailable';

/** Where the suite can make the array or the network misbehave: a simulator, or a proxy before a real array. */
export interface FaultInjector {
  /** How the driver must reach the array for faults to happen; absent: as always. */
  reached?: Pick<ConformanceTarget, 'connection' | 'allowedCidrs'>;
  /** The next call that has this effect loses its answer, before or after the effect. `how` is `cut` unless told otherwise. */
  loseAnswer(effect: Effect, when: 'before' | 'after', how?: Spoiling): Promise<void>;
  /** From now on nothing reaches the array, and every call is answered so, until `clear`. */
  spoilAnswers(how: Exclude<Spoiling, 'cut'>): Promise<void>;
  /** Every answer comes so much later, until `clear`. */
  delayAnswers(seconds: number): Promise<void>;
  /** Every session with the array ends now, or just before the next call that has the effect. */
  expireSessions(before?: Effect): Promise<void>;
  /** Another array answers behind the same address, until `clear`. */
  swapArray(): Promise<void>;
  clear(): Promise<void>;
}

/** Reads and writes what is in volumes, as hosts would: a text of at most 60 characters stands for all of a volume's blocks. */
export interface Contents {
  write(nativeId: string, text: string): Promise<void>;
  /** Empty for a volume that nobody has written to. */
  read(nativeId: string): Promise<string>;
}

/** A hook of the target cannot do this here. The case counts as not tried, with the message as the reason. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered';
}

export interface ForeignVolume {
  name: string;
  systemNativeId: string;
  poolNativeId: string;
  sizeBytes: number;
  provisioningType: ProvisioningType;
}

/** Somebody else who uses the array, past the driver. */
export interface Outsider {
  /** Answers the native id. */
  createVolume(volume: ForeignVolume): Promise<string>;
  renameVolume(nativeId: string, name: string): Promise<void>;
  removeVolume(nativeId: string): Promise<void>;
  map(nativeId: string, initiatorId: string): Promise<void>;
  unmap(nativeId: string, initiatorId: string): Promise<void>;
  /** Answers the native id of the snapshot. */
  snapshot(nativeId: string, name: string): Promise<string>;
}

/** What a driver is tried on. Everything the suite makes is named freshly and removed again; nothing else is changed. */
export interface ConformanceTarget {
  declaration: DriverDeclaration;
  connection: ArrayConnection;
  credentials: Credentials;
  arrayId: string;
  options: unknown;
  /** Networks that hold the array's endpoints. */
  allowedCidrs: readonly string[];
  /** Answers a request as the driver's function would. */
  serve(request: unknown, allowedCidrs: readonly string[]): Promise<DriverAnswer>;
  /** What this array does not have although its driver's capability covers it. `network`: it is reached at no address. */
  lacks?: readonly Lack[];
  /** Lets time pass for what takes long inside the array; a simulator may skip it. */
  pass?(seconds: number): Promise<void>;
  /** An initiator that no host has, for arrays on which hosts are registered. */
  newInitiator?(): { type: InitiatorType; id: string };
  faults?: FaultInjector;
  outsider?: Outsider;
  contents?: Contents;
}

export type Lack = 'read-only mappings' | 'network';

/** What a case needs beyond the driver itself. */
export type Need =
  | Lack
  | 'faults'
  | 'outsider'
  | 'contents'
  | 'two initiators'
  | 'two pools'
  | 'new initiator'
  | 'tree limit'
  | 'export'
  | 'tls';
