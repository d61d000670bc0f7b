import type { Report } from './visit.ts';

/** 0 when nothing is left to do, 1 when something is, 2 when an array could not say. */
export const exitCodeOf = ({ findings, unasked }: Pick<Report, 'findings' | 'unasked'>): 0 | 1 | 2 => {
  if (findings.some(({ outcome }) => outcome !== 'repaired')) return 1;
  return unasked.length > 0 ? 2 : 0;
};
