import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../driver.ts';
import { matcherOf, type RequestLine, type RequestsOfEffects } from './requests-of-effects.ts';
import { noSession, sessionsIn } from './session-headers.ts';
import { type Effect, type FaultInjector, NotOffered, type Spoiling } from './target.ts';

export interface Fault {
  when: 'before' | 'after';
  how: Spoiling;
}

interface Loss extends Fault {
  matches(line: RequestLine): boolean;
}

/** What the proxy does to what passes through it. */
export interface PassingFaults {
  injector: Omit<FaultInjector, 'reached'>;
  /** Whether this request is to be spoiled; a loss hits once. */
  next(line: RequestLine): Fault | undefined;
  lateSeconds(): number;
  /** The headers to send on: sessions that have ended are exchanged for some that the array never gave. */
  headers(line: RequestLine, given: IncomingHttpHeaders): IncomingHttpHeaders;
  /** The body to hand back: while another array answers, with its id. */
  body(given: Buffer): Buffer;
}

export interface FaultOptions {
  credentials: Credentials;
  arrayId: string;
  requests: RequestsOfEffects;
}

interface State {
  loss: Loss | undefined;
  spoiled: Spoiling | undefined;
  lateSeconds: number;
  /** The request before which sessions end. */
  expiry: ((line: RequestLine) => boolean) | undefined;
  seenSessions: Set<string>;
  endedSessions: ReadonlySet<string>;
  hasSeenArrayId: boolean;
  isSwapped: boolean;
}

const anotherId = (id: string): string => id.replace(/\d/g, (digit) => String(9 - Number(digit)));

const offer = (condition: boolean, reason: string): void => {
  if (!condition) throw new NotOffered(reason);
};

const requestsOf = (requests: RequestsOfEffects, effect: Effect): ((line: RequestLine) => boolean) => {
  const matches = matcherOf(requests, effect);
  if (matches === undefined) throw new NotOffered(`nobody said which request has the effect ${effect}`);
  return matches;
};

const injectorOf = (state: State, { arrayId, requests }: FaultOptions): PassingFaults['injector'] => ({
  async loseAnswer(effect, when, how = 'cut') {
    state.loss = { matches: requestsOf(requests, effect), when, how };
  },
  async spoilAnswers(how) {
    state.spoiled = how;
  },
  async delayAnswers(seconds) {
    state.lateSeconds = seconds;
  },
  async expireSessions(before) {
    offer(state.seenSessions.size > 0, 'no request showed a session');
    if (before === undefined) state.endedSessions = new Set(state.seenSessions);
    else state.expiry = requestsOf(requests, before);
  },
  async swapArray() {
    offer(state.hasSeenArrayId && anotherId(arrayId) !== arrayId, 'no answer held an id of the array that could be exchanged');
    state.isSwapped = true;
  },
  async clear() {
    Object.assign(state, { loss: undefined, expiry: undefined, spoiled: undefined, lateSeconds: 0, isSwapped: false });
  },
});

const nextOf = (state: State, line: RequestLine): Fault | undefined => {
  if (state.spoiled !== undefined) return { when: 'before', how: state.spoiled };
  const { loss } = state;
  if (loss?.matches(line) !== true) return undefined;
  state.loss = undefined;
  return loss;
};

/** Sessions that end before this request have ended with all that were seen until now. */
const noteSessions = (state: State, line: RequestLine): void => {
  if (state.expiry?.(line) !== true) return;
  state.expiry = undefined;
  state.endedSessions = new Set(state.seenSessions);
};

const sentHeaders = (state: State, { credentials }: FaultOptions, given: IncomingHttpHeaders): IncomingHttpHeaders => {
  const sessions = sessionsIn(given, credentials);
  for (const session of sessions.values()) state.seenSessions.add(session);
  const ended = [...sessions].filter(([, session]) => state.endedSessions.has(session));
  return { ...given, ...Object.fromEntries(ended.map(([name, session]) => [name, noSession(session)])) };
};

export const passingFaults = (options: FaultOptions): PassingFaults => {
  const { arrayId } = options;
  const state: State = {
    ...{ loss: undefined, spoiled: undefined, expiry: undefined, lateSeconds: 0, isSwapped: false, hasSeenArrayId: false },
    ...{ seenSessions: new Set<string>(), endedSessions: new Set<string>() },
  };
  return {
    injector: injectorOf(state, options),
    next: (line) => nextOf(state, line),
    lateSeconds: () => state.lateSeconds,
    headers(line, given) {
      noteSessions(state, line);
      return sentHeaders(state, options, given);
    },
    body(given) {
      if (!given.includes(arrayId)) return given;
      state.hasSeenArrayId = true;
      return state.isSwapped ? Buffer.from(given.toString('utf8').replaceAll(arrayId, anotherId(arrayId))) : given;
    },
  };
};
