import { DriverError } from '../sdk/errors.ts';
import { type Meaning, meanings } from './error-codes.ts';
import { errorWire } from './wire-session.ts';

/** Codes of the array that verbs branch on. */
export const arrayCode = {
  notFound: '3',
  olderVolumeNotFound: '78',
  volumeNotFound: '79',
  alreadyMapped: '81',
  notMapped: '84',
  nameInUse: '99',
  hostNameInUse: '103',
  migrating: '717',
  migratedThere: '718',
} as const;

export interface RefusedAnswer {
  status: number;
  body: string;
  /** Whether the call was to change the array. */
  changes: boolean;
}

const parsed = (body: string): { code: number; message: string } | undefined => {
  try {
    const { errorCode, details, message } = errorWire.parse(JSON.parse(body));
    return { code: errorCode || details?.[0]?.rc || 0, message: message ?? '' };
  } catch {
    return undefined;
  }
};

/** An answer that came from something in front of the array, such as a proxy, or that nobody can read. */
const withoutCode = ({ status, changes }: RefusedAnswer): DriverError =>
  new DriverError(`the gateway answered status ${status} without a code of the array`, {
    outcome: changes ? 'DriverUncertain' : 'DriverBusy',
    code: 'array.answerUnreadable',
    nativeCode: `http-${status}`,
  });

/** Refused before the array looked at it: malformed, or not known in this release. */
const malformed = ({ status }: RefusedAnswer): DriverError =>
  new DriverError(`the gateway refused the request with status ${status}`, {
    outcome: 'DriverRejected',
    code: 'request.invalid',
    nativeCode: `http-${status}`,
  });

const transientStatuses: readonly number[] = [408, 429];

const isMalformed = ({ status }: RefusedAnswer): boolean => status >= 400 && status < 500 && !transientStatuses.includes(status);

/** A code that nobody published: a change may have had its effect, a read has none. */
const unknown = (changes: boolean): Meaning => ({ code: 'array.refused', outcome: changes ? 'DriverUncertain' : 'DriverRejected' });

const longestSentence = 200;

/** The array's own words, for whoever reads the error. */
const sentence = (message: string): string => (message === '' ? '' : `: ${message.slice(0, longestSentence)}`);

/** Decides once, from the array's number, never from its text, what a refusal means. */
export const failureOf = (answer: RefusedAnswer): DriverError => {
  const refusal = parsed(answer.body);
  if (refusal === undefined || refusal.code === 0) return isMalformed(answer) ? malformed(answer) : withoutCode(answer);
  const { code, outcome, changing } = meanings.get(refusal.code) ?? unknown(answer.changes);
  return new DriverError(`the array refused with code ${refusal.code}${sentence(refusal.message)}`, {
    outcome: answer.changes ? (changing ?? outcome) : outcome,
    code,
    nativeCode: String(refusal.code),
    nativeMessage: refusal.message,
  });
};

/** Whether the array says that there is no such volume; in some releases 78 means it, in later ones 79. */
export const isVolumeMissing = (error: unknown): boolean =>
  error instanceof DriverError &&
  [arrayCode.notFound, arrayCode.olderVolumeNotFound, arrayCode.volumeNotFound].some((code) => code === error.nativeCode);

export const hasArrayCode = (error: unknown, code: string): boolean => error instanceof DriverError && error.nativeCode === code;
