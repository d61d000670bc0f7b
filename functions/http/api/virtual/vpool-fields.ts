import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import type { VirtualPool } from '../../../../core/inventory/schemas.ts';
import { flagField, idField, nameField, numberField } from '../fields.ts';

/** CoprHD's `NONE` is no wish. */
const wish = z.string().min(1).max(64).optional();
const wished = (text: string | undefined): string | undefined => (text === undefined || text.toUpperCase() === 'NONE' ? undefined : text);

const paths = numberField(1, 65_535).optional();

/** What may be given when a virtual pool is made and when it is changed. */
const common = {
  description: z.string().max(1000).optional(),
  system_type: wish,
  drive_type: wish,
  use_matched_pools: flagField.optional(),
  max_paths: paths,
  min_paths: paths,
  paths_per_initiator: paths,
  expandable: flagField.optional(),
  host_io_limit_iops: numberField(0, 999_900).optional().describe('0: no limit'),
  host_io_limit_bandwidth: numberField(0, 100_000).optional().describe('MB/s; 0: no limit'),
  shared_access: flagField.optional(),
  allow_unzeroed_pools: flagField.optional(),
};

const protocolList = z.array(z.string().min(1).max(64)).max(10);

export const vpoolCreateBody = z.strictObject({
  name: nameField,
  protocols: protocolList.min(1),
  varrays: z.array(idField).max(20).default([]),
  provisioning_type: z.enum(['Thin', 'Thick']),
  ...common,
});

const varrayList = z.strictObject({ varrays: z.array(idField).max(20).default([]) }).default({ varrays: [] });
const protocolChange = z.strictObject({ protocol: protocolList.default([]) }).default({ protocol: [] });

export const vpoolUpdateBody = z.strictObject({
  name: nameField.optional(),
  varray_changes: z.strictObject({ add: varrayList, remove: varrayList }).optional(),
  protocol_changes: z.strictObject({ add: protocolChange, remove: protocolChange }).optional(),
  ...common,
});

export type VpoolCommon = Pick<z.infer<typeof vpoolUpdateBody>, keyof typeof common>;

/** A limit of 0 is no limit. */
const limit = (given: number | undefined, before: number | undefined): number | undefined => {
  if (given === undefined) return before;
  return given === 0 ? undefined : given;
};

const criteria = (given: VpoolCommon, before: VirtualPool) => ({
  systemType: given.system_type === undefined ? before.systemType : wished(given.system_type),
  driveType: given.drive_type === undefined ? before.driveType : wished(given.drive_type),
  useMatchedPools: given.use_matched_pools ?? before.useMatchedPools,
  allowsUnzeroedPools: given.allow_unzeroed_pools ?? before.allowsUnzeroedPools,
});

const pathsOf = (given: VpoolCommon, before: VirtualPool) => ({
  maxPaths: given.max_paths ?? before.maxPaths,
  minPaths: given.min_paths ?? before.minPaths,
  pathsPerInitiator: given.paths_per_initiator ?? before.pathsPerInitiator,
});

const checkPaths = ({ maxPaths, minPaths }: { maxPaths: number; minPaths: number }): void => {
  if (minPaths > maxPaths)
    throw new ControlPlaneError(`min_paths: ${minPaths} is more than max_paths, which is ${maxPaths}`, {
      code: 'request.parameterInvalid',
    });
};

/** The virtual pool with what is given put in place of what was. */
export const withFields = (before: VirtualPool, given: VpoolCommon): VirtualPool => {
  const numberOfPaths = pathsOf(given, before);
  checkPaths(numberOfPaths);
  return {
    ...before,
    description: given.description ?? before.description,
    ...criteria(given, before),
    ...numberOfPaths,
    expandable: given.expandable ?? before.expandable,
    sharedAccess: given.shared_access ?? before.sharedAccess,
    iopsLimit: limit(given.host_io_limit_iops, before.iopsLimit),
    bandwidthLimitMegabytesPerSecond: limit(given.host_io_limit_bandwidth, before.bandwidthLimitMegabytesPerSecond),
  };
};
