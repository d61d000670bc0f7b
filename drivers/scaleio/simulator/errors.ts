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
  TGT_NOT_FOUND: { code: 78, message: 'Could not find the SDS' },
  VOL_NOT_FOUND: { code: 79, message: 'Could not find the volume' },
  INI_NOT_FOUND: { code: 80, message: 'Could not find the SDC' },
  VOL_ALREADY_MAPPED_TO_THIS_INI: { code: 81, message: 'The volume is already mapped to this SDC' },
  VOL_NOT_MAPPED_TO_INI: { code: 84, message: 'The volume is not mapped to SDC' },
  TOO_MANY_MAPPINGS: { code: 87, message: 'The volume is mapped to too many SDCs' },
  TOO_MANY_VOLS: { code: 97, message: 'Too many volumes in the system' },
  VOL_NAME_IN_USE: { code: 99, message: 'Volume name already in use. Please use a different name.' },
  INI_NAME_IN_USE: { code: 103, message: 'SDC name already in use. Please use a different name.' },
  VOL_MAPPED: { code: 104, message: 'The volume is mapped to one or more SDCs' },
  VOL_DECREASE_NOT_SUPPORTED: { code: 133, message: 'Volume capacity can only be increased' },
  FD_NOT_FOUND: { code: 142, message: 'Could not find the Protection Domain' },
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
  VOLUME_AND_SNAPSHOT_MATCH: { code: 330, message: 'The source and the destination are the same volume' },
  CAPACITY_TOO_LOW_FOR_THIN_VOL: { code: 337, message: 'There is not enough capacity left for a thin volume' },
  VTREE_MIGRATION_ALREADY_EXISTS: { code: 717, message: 'A migration of this VTree is already in progress' },
  VTREE_MIGRATE_SAME_SP: { code: 718, message: 'The VTree is already in the destination Storage Pool' },
  UNCONFIRMED_VOL_LOCKED: { code: 0, message: 'The volume is a locked or secure snapshot' },
  UNCONFIRMED_VOL_REPLICATED: { code: 0, message: 'The volume takes part in replication' },
  UNCONFIRMED_VOL_READ_ONLY: { code: 0, message: 'The access mode exceeds the access mode limit of the volume' },
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
