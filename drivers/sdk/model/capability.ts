/** One capability as one part of one array has it. */
export interface CapabilityInstance {
  /** A declared capability, or `native.…` for what only this kind of array has. */
  capability: string;
  /** `array`: holds everywhere unless a system, pool or port tells its own. */
  scope: 'array' | 'system' | 'pool' | 'port';
  /** Of the system, pool or port; absent for the array. */
  nativeId?: string;
  /** False where this part of the array lacks the capability although the driver declares it. */
  available: boolean;
  /** In the shape of the declaration's `capabilityDefinitions`; units stand in the names. */
  limits: Readonly<Record<string, unknown>>;
}
