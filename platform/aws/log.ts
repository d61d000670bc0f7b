import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../core/ports.ts';

const hidden = /pass(word|wd)?|secret|token|authorization|credential/i;

/** Errors with their causes, and nothing under a name that sounds like a secret, at any depth. */
export const plain = (value: unknown, depth = 0): unknown => {
  if (value instanceof Error)
    return { name: value.name, message: value.message, ...(value.cause ? { cause: plain(value.cause, depth + 1) } : {}) };
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 4) return '…';
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => plain(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, hidden.test(name) ? '[hidden]' : plain(item, depth + 1)]));
};

/** Structured JSON lines. Values under names that sound like secrets are hidden, at any depth. */
export const powertoolsLog = (service: string): Log => {
  const logger = new Logger({ serviceName: service });
  const facts = (given: Readonly<Record<string, unknown>> | undefined) => plain(given ?? {}) as Record<string, never>;
  return {
    info: (message, given) => logger.info(message, facts(given)),
    warn: (message, given) => logger.warn(message, facts(given)),
    error: (message, given) => logger.error(message, facts(given)),
  };
};
