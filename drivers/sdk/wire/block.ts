import * as z from 'zod';
import { access, batchAnswerOf, batchOf, initiatorId, initiatorType, limits, provisioningType, sizeBytes, text } from './basics.ts';
import { committedVolume, volumeIdentity } from './identities.ts';
import { observedVolume, volumeMapping } from './observed.ts';

const volumeIntent = z.object({
  ref: text,
  name: text,
  systemNativeId: text,
  poolNativeId: text,
  sizeBytes,
  provisioningType,
});

const volumeItem = z.object({ ref: text, volume: volumeIdentity });
const committedItem = z.object({ ref: text, volume: committedVolume });

const exportVolume = z.object({ ref: text, volume: committedVolume, lun: z.int().min(0).exactOptional(), access, limits });

const exportInitiator = z.object({
  ref: text,
  type: initiatorType,
  id: text,
  nodeName: text.exactOptional(),
  networkRef: text.exactOptional(),
});

const exportHost = z.object({
  ref: text,
  name: text,
  osType: text,
  clusterRef: text.exactOptional(),
  addresses: z.array(text).max(64),
  initiators: z.array(exportInitiator).max(64),
});

const exportIntent = z.object({
  volumes: z.array(exportVolume).min(1).max(1000),
  hosts: z.array(exportHost).min(1).max(256),
  targets: z.object({ recommended: z.array(text), available: z.array(text) }),
  paths: z.object({ min: z.int().min(0), max: z.int().min(0), perInitiator: z.int().min(0) }),
  mode: z.enum(['exclusive', 'shared', 'cluster']),
});

const observedExport = z.object({
  volumeRef: z.string(),
  initiatorRef: z.string(),
  lun: z.int().min(0).exactOptional(),
  targets: z.array(z.string()),
  access,
  limits,
  connection: z.object({
    kind: initiatorType,
    devicePath: z.string().exactOptional(),
    uri: z.string().exactOptional(),
    attributes: z.record(z.string(), z.string()),
    secretRef: z.string().exactOptional(),
  }),
});

const renamed = z.object({ ...committedItem.shape, newName: text.exactOptional() });

export const blockInputs = {
  ensureVolumes: batchOf(volumeIntent),
  ensureVolumesAbsent: batchOf(volumeItem),
  readVolumes: batchOf(volumeItem),
  expandVolumes: batchOf(z.object({ ...committedItem.shape, newSizeBytes: sizeBytes })),
  renameVolumes: batchOf(z.object({ ...committedItem.shape, newName: text })),
  ensureVolumeLimits: batchOf(z.object({ ...committedItem.shape, limits, initiators: z.array(initiatorId).max(256) })),
  migrateVolumes: batchOf(
    z.object({
      ...committedItem.shape,
      targetPoolNativeId: text,
      provisioningType: provisioningType.exactOptional(),
      movesWith: z.array(text).max(1000),
    }),
  ),
  adoptVolumes: batchOf(renamed),
  releaseVolumes: batchOf(renamed),
  ensureExports: exportIntent,
  ensureExportsAbsent: batchOf(z.object({ ...committedItem.shape, initiator: initiatorId })),
  readExports: batchOf(volumeItem),
};

const volumes = batchAnswerOf(observedVolume);

export const blockOutputs = {
  ensureVolumes: volumes,
  ensureVolumesAbsent: volumes,
  readVolumes: volumes,
  expandVolumes: volumes,
  renameVolumes: volumes,
  ensureVolumeLimits: volumes,
  migrateVolumes: volumes,
  adoptVolumes: volumes,
  releaseVolumes: volumes,
  ensureExports: batchAnswerOf(observedExport),
  ensureExportsAbsent: batchAnswerOf(z.never()),
  readExports: batchAnswerOf(z.object({ mappings: z.array(volumeMapping) })),
};
