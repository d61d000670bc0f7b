import { refuse } from './errors.ts';
import type { ArrayState } from './model.ts';

/** The master is lost: so many calls fail, then the other manager answers. */
export function beginFailover({ mdm }: ArrayState, calls: number): void {
  mdm.failingCalls = calls;
}

/** Every call of an open session passes here before it reaches the array. Throws code 69 while nobody is master. */
export function requireMaster({ mdm, clock, behaviour }: ArrayState): void {
  if (mdm.failingCalls === 0) return;
  mdm.failingCalls -= 1;
  if (mdm.failingCalls === 0) {
    mdm.master = mdm.master === 0 ? 1 : 0;
    mdm.recoversAtMs = clock.nowMs() + behaviour.mdmRecoverySeconds * 1000;
  }
  throw refuse('COMMUNICATION_ERROR');
}

export function settleMdm({ mdm, clock }: ArrayState): void {
  if (mdm.recoversAtMs !== null && mdm.recoversAtMs <= clock.nowMs()) mdm.recoversAtMs = null;
}
