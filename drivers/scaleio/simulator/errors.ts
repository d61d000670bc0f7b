interface Refusal {
  readonly code: number;
  readonly message: string;
}

/**
 * Business errors of the MDM: symbol, number and text. The texts that clients compare are exact; the others say the same in our words.
 * `UNCONFIRMED_*` are refusals whose number no public source shows: they carry 0.
 */
export const refusals = {
  NOT_FOUND: { code: 3, message: 'Not found' },
  COMMUNICATION_ERROR: { code: 69, message: 'Communication error' },
  TGT_NOT_FOUND: { code: 78, message: 'Could not find the SDS' },
  VOL_NOT_FOUND: { code: 79, message: 'Could not find the volume' },
  INI_NOT_FOUND: { code: 80, message: 'Could not find the SDC' },
  VOL_ALREADY_MAPPED_TO_THIS_INI: { code: 81, message: 'The volume is already mapped to this SDC' },
  VOL_ALREADY_MAPPED_TO_ALL_INIS: { code: 82, message: 'The volume is already mapped to all SDCs' },
  VOL_NOT_MAPPED_TO_INI: { code: 84, message: 'The volume is not mapped to SDC' },
  TOO_MANY_MAPPINGS: { code: 87, message: 'The volume is mapped to too many SDCs' },
  TOO_MANY_VOLS: { code: 97, message: 'Too many volumes in the system' },
  VOL_NAME_IN_USE: { code: 99, message: 'Volume name already in use. Please use a different name.' },
  INI_NAME_IN_USE: { code: 103, message: 'SDC name already in use. Please use a different name.' },
  VOL_MAPPED: { code: 104, message: 'The volume is mapped to one or more SDCs' },
  VOL_DECREASE_NOT_SUPPORTED: { code: 133, message: 'Volume capacity can only be increased' },
  FD_NOT_FOUND: { code: 142, message: 'Could not find the Protection Domain' },
  NO_PERMISSIONS: { code: 168, message: 'The user does not have permission to perform this operation' },
  STORAGE_POOL_NOT_FOUND: { code: 171, message: 'Could not find the Storage Pool' },
  INI_HAS_MAPPINGS: { code: 180, message: 'The SDC still has volumes mapped to it' },
  TOO_MANY_SNAPS_IN_VTREE: { code: 182, message: 'There are too many snapshots in the VTree' },
  NOTHING_TO_DO: { code: 183, message: 'There is nothing to do' },
  VOL_NOT_FOUND_FOR_SNAP_GROUP: { code: 185, message: 'Could not find any volume of the consistency group' },
  VOL_SIZE_TOO_LARGE: { code: 190, message: 'The volume size is too large' },
  FD_AND_SP_MISMATCH: { code: 197, message: 'The Storage Pool is not in the Protection Domain' },
  VTREE_ID_MISMATCH: { code: 198, message: 'The volumes are not in the same VTree' },
  VOL_REMOVE_IN_PROGRESS: { code: 212, message: 'A volume removal operation is currently in progress' },
  LONG_NAME: { code: 226, message: 'The given name is too long. The maximum is 31 characters.' },
  INVALID_NAME: { code: 227, message: 'The given name contains invalid characters' },
  TOO_MANY_SESSIONS: { code: 252, message: 'Too many sessions are open' },
  FAULT_SET_NOT_FOUND: { code: 265, message: 'Could not find the Fault Set' },
  INI_MAPPED_TO_TOO_MANY_VOLS: { code: 294, message: 'Too many volumes are mapped to the SDC' },
  NOT_ALLOWED_MORE_THAN_ONE_MAPPING: { code: 297, message: 'Only a single SDC may be mapped to this volume at a time' },
  INI_MUST_BE_DISCONNECTED: { code: 298, message: 'The SDC must be disconnected' },
  TOO_MUCH_THIN_CAPACITY: { code: 300, message: 'The requested capacity exceeds the allocation limit of the Storage Pool' },
  THICK_VOL_RESERVATION_VIOLATION: { code: 314, message: 'There is not enough capacity left for a thick volume' },
  INITIATOR_NOT_APPROVED: { code: 322, message: 'The SDC is not approved' },
  VOLUME_AND_SNAPSHOT_MATCH: { code: 330, message: 'The source and the destination are the same volume' },
  CAPACITY_TOO_LOW_FOR_THIN_VOL: { code: 337, message: 'There is not enough capacity left for a thin volume' },
  VTREE_MIGRATION_ALREADY_EXISTS: { code: 717, message: 'A migration of this VTree is already in progress' },
  VTREE_MIGRATE_SAME_SP: { code: 718, message: 'The VTree is already in the destination Storage Pool' },
  UNCONFIRMED_VOL_LOCKED: { code: 0, message: 'The volume is a locked or secure snapshot' },
  UNCONFIRMED_VOL_REPLICATED: { code: 0, message: 'The volume takes part in replication' },
  UNCONFIRMED_VOL_READ_ONLY: { code: 0, message: 'The access mode exceeds the access mode limit of the volume' },
  UNCONFIRMED_VOL_EXT_MANAGED: { code: 0, message: 'The volume is managed by another product' },
  UNCONFIRMED_VOL_HAS_POLICY: { code: 0, message: 'The volume is the source of a snapshot policy' },
  UNCONFIRMED_VOL_NOT_IN_POLICY: { code: 0, message: 'The volume is not a source of this snapshot policy' },
  UNCONFIRMED_VOL_NOT_AUTO_SNAPSHOT: { code: 0, message: 'The volume is not a snapshot of a snapshot policy' },
  UNCONFIRMED_VOL_NO_SNAPSHOT: { code: 0, message: 'The volume is not a snapshot' },
  UNCONFIRMED_SNAPSHOT_WOULD_GO: { code: 0, message: 'The snapshot has expired and would be removed' },
  UNCONFIRMED_RETENTION_SHORTENED: { code: 0, message: 'The retention of a secure snapshot can only be prolonged' },
  UNCONFIRMED_POLICY_NAME_IN_USE: { code: 0, message: 'Snapshot policy name already in use' },
  UNCONFIRMED_POLICY_TOO_LARGE: { code: 0, message: 'The snapshot policy retains more snapshots than a VTree may have' },
  UNCONFIRMED_ZERO_PADDING_MISMATCH: { code: 0, message: 'The Storage Pools differ in zero padding' },
  UNCONFIRMED_REBUILD_IN_PROGRESS: { code: 0, message: 'A rebuild is in progress' },
  UNCONFIRMED_NOT_MIGRATING: { code: 0, message: 'The VTree is not being migrated' },
  UNCONFIRMED_MIGRATION_STATE: { code: 0, message: 'The migration of the VTree is in another state' },
  UNCONFIRMED_SDS_DISCONNECTED: { code: 0, message: 'The SDS is disconnected' },
  UNCONFIRMED_SDS_IN_MAINTENANCE: { code: 0, message: 'The SDS is in maintenance already' },
  UNCONFIRMED_SDS_NOT_IN_MAINTENANCE: { code: 0, message: 'The SDS is not in this maintenance mode' },
  UNCONFIRMED_SDS_NOT_REDUNDANT: { code: 0, message: 'Another SDS of the Protection Domain is not fully available' },
  UNCONFIRMED_NO_COMPRESSION: { code: 0, message: 'The Storage Pool does not compress' },
  UNCONFIRMED_SDC_LIMIT: { code: 0, message: 'Too many SDCs in the system' },
  UNCONFIRMED_HOST_NQN_IN_USE: { code: 0, message: 'A host with this NQN already exists' },
} as const satisfies Record<string, Refusal>;

export type RefusalSymbol = keyof typeof refusals;

export interface ErrorBody {
  message: string;
  httpStatusCode: number;
  errorCode: number;
  details?: readonly { error: string; rc: number; errorMessage: string }[];
}

/** An answer other than 200. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}

export function refuse(symbol: RefusalSymbol): GatewayError {
  const { code, message } = refusals[symbol];
  return new GatewayError({ message, httpStatusCode: 500, errorCode: code });
}

/** The validation form: the code stands in `details[0].rc`, the outer code is 0. */
export function refuseWithDetails(symbol: RefusalSymbol): GatewayError {
  const { code, message } = refusals[symbol];
  const details = [{ error: symbol, rc: code, errorMessage: message }];
  return new GatewayError({ message: 'Error with details', httpStatusCode: 500, errorCode: 0, details });
}

export const badRequest = (message: string) => new GatewayError({ message, httpStatusCode: 400, errorCode: 0 });
export const unauthorized = () => new GatewayError({ message: 'Unauthorized', httpStatusCode: 401, errorCode: 0 });
export const unknownResource = (what: string) =>
  new GatewayError({ message: `Unknown resource: ${what}`, httpStatusCode: 404, errorCode: 0 });
