import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Answer, answer, type Gateway } from './answer.ts';
import type { CallLog, Ended } from './call-log.ts';
import { badRequest, GatewayError } from './errors.ts';
import type { CallFacts, FaultRule, Faults } from './faults.ts';
import { isJson, type Json } from './json.ts';
import { beginFailover } from './mdm.ts';
import { isChanging, type Route } from './routes.ts';

export interface Simulation {
  gateway: Gateway;
  faults: Faults;
  log: CallLog;
  /** Puts the array where it survives the process, if anywhere; called after each change, before its answer. */
  keep(): void;
}

export interface Exchange {
  simulation: Simulation;
  request: IncomingMessage;
  response: ServerResponse;
  route: Route;
  facts: CallFacts;
  bodyText: string;
}

type Outcome = Answer & { effect: Ended['effect'] };

function parseBody(text: string): Json {
  if (text.trim() === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    if (isJson(body)) return body;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('The body is not a JSON object');
}

function perform({ simulation, request, route, bodyText }: Exchange): Outcome {
  try {
    const body = parseBody(bodyText);
    const query = new URLSearchParams(request.url?.split('?')[1]);
    const answered = answer(simulation.gateway, { route, body, query, authorization: request.headers.authorization });
    if (isChanging(route)) simulation.keep();
    return { ...answered, effect: 'done' };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { status: error.body.httpStatusCode, body: error.body, effect: 'refused' };
  }
}

export function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=UTF-8' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

const garbageTexts = {
  html: ['text/html', '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'],
  text: ['text/plain', 'upstream connect error or disconnect/reset before headers'],
  invalidJson: ['application/json', '{"id":"'],
  empty: ['application/json', ''],
} as const;

/** A rule that spoils the answer itself. */
type Fault = Exclude<FaultRule, { effect: 'delay' | 'failover' }>;

/** Ends the exchange as the rule wants, and says what the caller got. */
function misbehave({ response }: Exchange, rule: Fault): Ended['reply'] {
  switch (rule.effect) {
    case 'failBefore':
    case 'failAfter':
      response.destroy();
      return 'cut';
    case 'hang':
      return 'hung';
    case 'error': {
      const { status, errorCode, message } = rule.error;
      send(response, { status, body: { message, httpStatusCode: status, errorCode } });
      return 'error';
    }
    case 'garbage': {
      const [type, text] = garbageTexts[rule.garbage];
      response.writeHead(rule.status, { 'content-type': type }).end(text);
      return 'garbage';
    }
  }
}

function comesBeforeEffect(rule: Fault): boolean {
  if (rule.effect === 'failBefore') return true;
  return 'when' in rule && rule.when === 'before';
}

function idsIn(route: Route, body: unknown): string[] {
  const named = 'id' in route && route.id !== undefined ? [route.id] : [];
  if (!isJson(body)) return named;
  const list = Array.isArray(body['volumeIdList']) ? body['volumeIdList'].map(String) : [];
  return typeof body['id'] === 'string' ? [...named, body['id'], ...list] : [...named, ...list];
}

/** A body that cannot be read is logged as an empty one. */
function loggedBody(text: string): Json {
  try {
    return parseBody(text);
  } catch (error) {
    if (error instanceof GatewayError) return {};
    throw error;
  }
}

function record(exchange: Exchange, outcome: Outcome | undefined, reply: Ended['reply']): void {
  const { simulation, route, facts, bodyText } = exchange;
  if (!isChanging(route)) return;
  const errorCode = isJson(outcome?.body) ? Number(outcome.body['errorCode'] ?? 0) : 0;
  const ids = idsIn(route, outcome?.effect === 'done' ? outcome.body : undefined);
  simulation.log.record(facts, { body: loggedBody(bodyText), effect: outcome?.effect ?? 'none', reply, errorCode, ids });
}

/** Does what was asked, unless the rule comes first; then answers, or misbehaves. The log knows of it before the caller. */
export function conclude(exchange: Exchange, rule: FaultRule | undefined): void {
  if (rule?.effect === 'failover') beginFailover(exchange.simulation.gateway.array, rule.calls);
  const fault = rule === undefined || rule.effect === 'delay' || rule.effect === 'failover' ? undefined : rule;
  const outcome = fault !== undefined && comesBeforeEffect(fault) ? undefined : perform(exchange);
  const reply = fault === undefined ? 'sent' : misbehave(exchange, fault);
  record(exchange, outcome, reply);
  if (fault === undefined && outcome !== undefined) send(exchange.response, outcome);
}
