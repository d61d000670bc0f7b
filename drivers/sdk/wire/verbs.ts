import type * as z from 'zod';
import type { VerbInput, VerbName, VerbOutput } from '../capability-verbs.ts';
import type { ArrayIdentity } from '../model.ts';
import { blockInputs, blockOutputs } from './block.ts';
import { copyInputs, copyOutputs } from './copies.ts';
import { observeInputs, observeOutputs } from './observe.ts';
import { arrayIdentity } from './observed.ts';
import { operateInputs, operateOutputs } from './operate.ts';

/** What each verb takes; `identify` and `checkConnection` take nothing. */
export const verbInputs = {
  ...observeInputs,
  ...blockInputs,
  ...copyInputs,
  ...operateInputs,
} satisfies { readonly [V in Exclude<VerbName, 'identify'>]: z.ZodType<VerbInput<V>> };

/** What each verb answers. Unknown fields pass. */
export const verbOutputs = {
  checkConnection: arrayIdentity,
  identify: arrayIdentity,
  ...observeOutputs,
  ...blockOutputs,
  ...copyOutputs,
  ...operateOutputs,
} satisfies { readonly [V in VerbName]: z.ZodType<VerbOutput<V>> } & { checkConnection: z.ZodType<ArrayIdentity> };
