import type { ConformanceCase } from './case.ts';
import { conformanceCases, runConformanceCase } from './suite.ts';
import type { ConformanceTarget } from './target.ts';

export interface CaseResult {
  capability: ConformanceCase['capability'];
  name: string;
  status: 'passed' | 'failed' | 'notApplicable';
  seconds: number;
  /** With `notApplicable`: what the target would have to offer. */
  needs: readonly string[];
  /** With `failed`: what was found, without secrets of the target. */
  problem?: string;
}

export interface RunOptions {
  /** Only cases of these capabilities; absent: all. */
  capabilities?: readonly string[];
  /** Longest time one case may take. */
  caseSeconds: number;
  onResult?: (result: CaseResult) => void;
}

const timeUp = (seconds: number): { ended: Promise<never>; stop: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the case did not end within ${seconds} s`)), seconds * 1000);
  });
  return { ended, stop: () => clearTimeout(timer) };
};

const problemOf = (error: unknown, { credentials }: ConformanceTarget): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(credentials.password, '********');
};

const runOne = async (target: ConformanceTarget, conformanceCase: ConformanceCase, caseSeconds: number): Promise<CaseResult> => {
  const startedAt = performance.now();
  const { capability, name } = conformanceCase;
  const common = (): { capability: ConformanceCase['capability']; name: string; seconds: number } => ({
    capability,
    name,
    seconds: (performance.now() - startedAt) / 1000,
  });
  const { ended, stop } = timeUp(caseSeconds);
  try {
    const result = await Promise.race([runConformanceCase(target, conformanceCase), ended]);
    return { ...common(), status: result.status, needs: result.status === 'passed' ? [] : result.needs };
  } catch (error) {
    return { ...common(), status: 'failed', needs: [], problem: problemOf(error, target) };
  } finally {
    stop();
  }
};

/** Tries every case that applies, one after the other. Never throws for a driver that breaks a promise. */
export const runConformance = async (target: ConformanceTarget, options: RunOptions): Promise<readonly CaseResult[]> => {
  const results: CaseResult[] = [];
  const wanted = ({ capability }: ConformanceCase): boolean => options.capabilities?.includes(capability) ?? true;
  for (const conformanceCase of conformanceCases(target.declaration).filter(wanted)) {
    const result = await runOne(target, conformanceCase, options.caseSeconds);
    options.onResult?.(result);
    results.push(result);
  }
  return results;
};
