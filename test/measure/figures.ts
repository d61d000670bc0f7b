import type { SourceFile } from './source-files.ts';

/** Budgets that the linter does not know: medians over the product, and casts that silence the compiler. */
export const budgets = { medianFileLines: 70, medianFunctionLines: 10, doubleCasts: 0 } as const;

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

const opening = /(=>|\))[^=;{}()]*\{\s*$/;
const control = /^\s*(\}?\s*)?(if|else|for|while|switch|try|catch|do|return)\b/;

/** Lines of each function with a body of its own lines, by indentation: the formatter guarantees it. One-line functions count 1. */
export const functionLengths = (text: string): number[] => {
  const lines = text.split('\n');
  const indentation = (line: string): number => line.length - line.trimStart().length;
  return lines.flatMap((line, start) => {
    if (/=>\s*[^{\s].*[;,]$/.test(line)) return [1];
    if (!opening.test(line) || control.test(line)) return [];
    const end = lines.findIndex((other, n) => n > start && indentation(other) === indentation(line) && /^\s*\}/.test(other));
    return end > start ? [end - start + 1] : [];
  });
};

export interface Figures {
  readonly files: number;
  readonly lines: number;
  readonly medianFileLines: number;
  readonly longestFileLines: number;
  readonly medianFunctionLines: number;
  readonly doubleCasts: readonly string[];
}

export const figuresOf = (files: readonly SourceFile[]): Figures => {
  const lengths = files.map(({ text }) => text.split('\n').length - 1);
  return {
    files: files.length,
    lines: lengths.reduce((sum, length) => sum + length, 0),
    medianFileLines: median(lengths),
    longestFileLines: Math.max(0, ...lengths),
    medianFunctionLines: median(files.flatMap(({ text }) => functionLengths(text))),
    doubleCasts: files.filter(({ text }) => /\bas unknown as\b/.test(text)).map(({ path }) => path),
  };
};

/** What is over budget, a sentence each. */
export const overBudget = (figures: Figures): string[] => [
  ...(figures.medianFileLines > budgets.medianFileLines
    ? [`the median file has ${figures.medianFileLines} lines; the budget is ${budgets.medianFileLines}`]
    : []),
  ...(figures.medianFunctionLines > budgets.medianFunctionLines
    ? [`the median function has ${figures.medianFunctionLines} lines; the budget is ${budgets.medianFunctionLines}`]
    : []),
  ...figures.doubleCasts.map((path) => `${path} casts through unknown`),
];
