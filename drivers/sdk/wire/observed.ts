import * as z from 'zod';
import { systemSupports } from '../model.ts';
import { access, initiatorType, limits, provisioningType, sizeBytes, time } from './basics.ts';

const state = z.enum(['online', 'degraded', 'offline', 'unknown']);
const nativeId = z.string().min(1);

export const capabilityInstance = z.object({
  capability: z.string().min(1),
  scope: z.enum(['array', 'system', 'pool', 'port']),
  nativeId: nativeId.exactOptional(),
  available: z.boolean(),
  limits: z.record(z.string(), z.unknown()),
});

export const arrayIdentity = z.object({
  arrayId: z.string().min(1),
  name: z.string().exactOptional(),
  vendor: z.string(),
  model: z.string(),
  version: z.string(),
  apiVersion: z.string().exactOptional(),
  warnings: z.array(z.string()),
  account: z.object({ role: z.string(), moreThanNeeded: z.boolean() }).exactOptional(),
  capabilities: z.array(capabilityInstance).exactOptional(),
});

export const storageSystem = z.object({
  nativeId,
  name: z.string(),
  serialNumber: z.string(),
  firmwareVersion: z.string(),
  model: z.string(),
  state,
  support: z.enum(systemSupports).exactOptional(),
});

export const storagePool = z.object({
  nativeId,
  systemNativeId: nativeId,
  name: z.string(),
  state,
  provisioningTypes: z.array(provisioningType),
  driveTypes: z.array(z.string()),
  totalBytes: sizeBytes,
  freeBytes: sizeBytes,
  subscribedBytes: sizeBytes,
  minVolumeBytes: sizeBytes,
  maxVolumeBytes: sizeBytes,
  sizeGranularityBytes: z.int().min(1),
  unwrittenReadsZero: z.enum(['yes', 'no', 'unknown']),
  compression: z.boolean(),
  statisticsLagSeconds: z.number().min(0),
  maxVolumes: z.int().min(0).exactOptional(),
  volumeCount: z.int().min(0),
  spareBytes: sizeBytes.exactOptional(),
  degradedBytes: sizeBytes.exactOptional(),
  unavailableBytes: sizeBytes.exactOptional(),
  alertPercents: z.object({ high: z.number(), critical: z.number() }).exactOptional(),
  layout: z.string().exactOptional(),
});

export const storagePort = z.object({
  nativeId,
  systemNativeId: nativeId,
  name: z.string(),
  addresses: z.array(z.string()),
  transport: z.enum(['ip', 'fc']),
  state,
  faultDomain: z.string().exactOptional(),
});

const hostInitiator = z.object({
  type: initiatorType,
  id: z.string().min(1),
  protocol: z.string(),
  nodeName: z.string().exactOptional(),
  approved: z.boolean(),
  state,
});

export const hostComponent = z.object({
  nativeId,
  name: z.string(),
  osType: z.string(),
  addresses: z.array(z.string()),
  state,
  initiators: z.array(hostInitiator),
});

export const volumeMapping = z.object({
  initiatorType,
  initiatorId: z.string().min(1),
  access: z.enum(['read-write', 'read-only', 'none']),
  limits,
  lun: z.int().min(0).exactOptional(),
});

export const observedVolume = z.object({
  nativeId,
  name: z.string(),
  poolNativeId: nativeId,
  systemNativeId: nativeId.exactOptional(),
  sizeBytes,
  provisioningType,
  kind: z.enum(['volume', 'snapshot']),
  createdAt: time,
  wwn: z.string().exactOptional(),
  allocatedBytes: sizeBytes.exactOptional(),
  ancestorNativeId: nativeId.exactOptional(),
  sharedFateId: nativeId.exactOptional(),
  groupNativeId: nativeId.exactOptional(),
  mappings: z.array(volumeMapping),
  managedElsewhere: z.string().exactOptional(),
});

export const observedSnapshot = z.object({
  ...observedVolume.shape,
  kind: z.literal('snapshot'),
  access,
  retainedUntil: time.exactOptional(),
});

export const observedFullCopy = z.object({
  ...observedVolume.shape,
  independent: z.boolean(),
  copiedPercent: z.number().min(0).max(100).exactOptional(),
});

export const observedGroup = z.object({ groupNativeId: nativeId, members: z.array(observedVolume) });
