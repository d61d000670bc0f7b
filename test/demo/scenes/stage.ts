import type { Classes } from '../story/classes.ts';
import type { Discovered } from '../story/discovered.ts';

/** What the scenes are played with. */
export interface Stage {
  readonly discovered: Discovered;
  readonly projectId: string;
  readonly varrayId: string;
  /** The body of an order for so many volumes of 8 GiB. */
  orderOf(name: string, count: number): Record<string, unknown>;
}

export const stageOf = ({ projectId, varrayId, vpoolId }: Classes, discovered: Discovered): Stage => ({
  discovered,
  projectId,
  varrayId,
  orderOf: (name, count) => ({ name, count, size: '8GB', project: projectId, varray: varrayId, vpool: vpoolId }),
});
