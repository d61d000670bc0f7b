import * as z from 'zod';
import { provisioningType, sizeBytes, text, time } from './basics.ts';

export const committedVolume = z.object({
  kind: z.literal('committed'),
  nativeId: text,
  expectedName: text,
  createdAt: time,
  sizeBytes,
  poolNativeId: text,
});

const plannedVolume = z.object({
  kind: z.literal('planned'),
  name: text,
  poolNativeId: text,
  sizeBytes,
  provisioningType,
  notBefore: time,
});

const plannedCopy = z.object({
  kind: z.literal('planned'),
  name: text,
  sourceNativeId: text,
  poolNativeId: text,
  sizeBytes,
  notBefore: time,
});

export const volumeIdentity = z.discriminatedUnion('kind', [committedVolume, plannedVolume]);
export const copyIdentity = z.discriminatedUnion('kind', [committedVolume, plannedCopy]);
