import { ControlPlaneError } from '../errors.ts';

/** The brake of the installation, which has no name here, or of a storage provider. */
export interface Brake {
  readonly name?: string;
  /** `drain`: nothing new is accepted, what was accepted is finished. `frozen`: nothing on the array is changed, forward or back. */
  readonly operations: 'normal' | 'drain' | 'frozen';
  readonly brakeReason?: string | undefined;
  readonly brakeSince?: string | undefined;
}

/** Such as `the storage provider north is set to frozen since 2026-01-01T00:00:00.000Z (maintenance)`. */
export const brakeText = ({ name, operations, brakeReason, brakeSince }: Brake): string => {
  const what = name === undefined ? 'the installation' : `the storage provider ${name}`;
  return `${what} is set to ${operations}${brakeSince ? ` since ${brakeSince}` : ''}${brakeReason ? ` (${brakeReason})` : ''}`;
};

export const isFrozen = (brake: Brake | undefined): boolean => brake?.operations === 'frozen';

/** Why no new change is accepted while one of these brakes is on; undefined while none is. */
export const brakeRefusal = (brakes: readonly (Brake | undefined)[]): ControlPlaneError | undefined => {
  const braked = brakes.find(isFrozen) ?? brakes.find((brake) => brake && brake.operations !== 'normal');
  if (!braked) return undefined;
  return new ControlPlaneError(`${brakeText(braked)}; changes are accepted again when an administrator sets it to normal`, {
    code: isFrozen(braked) ? 'operations.frozen' : 'operations.drain',
  });
};

export interface BrakeOrder {
  readonly operations?: Brake['operations'] | undefined;
  readonly operations_reason?: string | undefined;
}

/** What an administrator's order makes of a brake. Set again to the same, it keeps its time. */
export const brakePatch = (
  brake: Brake,
  { operations, operations_reason: reason }: BrakeOrder,
  at: string,
): Pick<Brake, 'operations' | 'brakeReason' | 'brakeSince'> => {
  const next = operations ?? brake.operations;
  if (reason !== undefined && next === 'normal')
    throw new ControlPlaneError('operations_reason: there is nothing to give a reason for while operations is normal', {
      code: 'request.parameterInvalid',
    });
  if (next === 'normal') return { operations: next, brakeReason: undefined, brakeSince: undefined };
  const since = next === brake.operations ? brake.brakeSince : at;
  return { operations: next, brakeReason: reason ?? (next === brake.operations ? brake.brakeReason : undefined), brakeSince: since };
};
