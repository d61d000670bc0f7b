import { type Check, checks } from '../../core/doctor/finding.ts';
import type { Report } from './visit.ts';

const marks = { repaired: 'repaired', 'changed meanwhile': 'changed meanwhile; look again', left: '' } as const;

const lineOf = ({ subject, says, repair, outcome }: Report['findings'][number]): string => {
  const can = outcome === 'left' && repair ? `(--repair ${repair.does})` : marks[outcome];
  return `    ${subject}: ${says}${can === '' ? '' : ` ${can.startsWith('(') ? can : `[${can}]`}`}`;
};

const isCheck = (name: string): name is Check => name in checks;

/** What a person reads. */
export const reportText = ({ looked, findings, unasked }: Report): string => {
  const parts = Object.keys(checks)
    .filter(isCheck)
    .flatMap((check) => {
      const found = findings.filter((finding) => finding.check === check);
      return [`${found.length === 0 ? ' ok' : '  ✗'} ${check}: ${checks[check]}`, ...found.map(lineOf)];
    });
  const silent = unasked.map(({ provider, reason }) => `  ? ${provider} could not be asked: ${reason}`);
  const left = findings.filter(({ outcome }) => outcome !== 'repaired').length;
  const end = `${looked.resources} resources, ${looked.operations} operations and ${looked.arrays} arrays looked at; ${findings.length} findings, ${left} left.`;
  return [...parts, ...silent, end].join('\n');
};
