import { parseArgs } from 'node:util';
import { UsageError } from './options.ts';

/** Asks a deployment whether its history is as it was sealed: `npm run audit:verify -- --url https://… --user … [--from …] [--to …]`. */

const usage = `Usage: npm run audit:verify -- --url <url> [--user <name> --password <password>] [--from <time>] [--to <time>]
Instead of --password the variable PATINA_PASSWORD, instead of both a token in PATINA_TOKEN. The user needs the role SYSTEM_AUDITOR.
Ends with 0 when the history is intact, 1 when it is not, 2 when that could not be found out.`;

const text = { type: 'string' } as const;

interface Answer {
  readonly intact: boolean;
  readonly seals: number;
  readonly events: number;
  readonly sealed_until?: string;
  readonly last_hash?: string;
  readonly first_difference?: { readonly what: string; readonly from: string; readonly to: string; readonly details: string };
  readonly next_from?: string;
}

interface Session {
  readonly url: string;
  readonly token: string;
}

async function get(url: string, headers: Readonly<Record<string, string>>): Promise<Response> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`);
  return answer;
}

async function login(url: string, user: string, password: string): Promise<string> {
  const answer = await get(`${url}/login`, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
  const token = answer.headers.get('x-sds-auth-token');
  if (token === null) throw new Error(`${url}/login gave no token`);
  return token;
}

async function part({ url, token }: Session, period: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await get(`${url}/audit/verify?${new URLSearchParams(period)}`, { 'x-sds-auth-token': token });
  return (await answer.json()) as Answer;
}

/** A long period is answered in parts. */
async function verify(session: Session, period: Readonly<Record<string, string>>): Promise<Answer> {
  const whole = await part(session, period);
  if (whole.next_from === undefined) return whole;
  const rest = await verify(session, { ...period, from: whole.next_from });
  return { ...whole, ...rest, seals: whole.seals + rest.seals, events: whole.events + rest.events };
}

async function sessionOf(values: { url?: string | undefined; user?: string | undefined; password?: string | undefined }): Promise<Session> {
  const { user, password = process.env['PATINA_PASSWORD'] } = values;
  const url = values.url?.replace(/\/$/, '');
  const token = process.env['PATINA_TOKEN'];
  if (url === undefined) throw new UsageError('--url is missing');
  if (user !== undefined && password !== undefined) return { url, token: await login(url, user, password) };
  if (token === undefined) throw new UsageError('--user and --password, or PATINA_TOKEN, are missing');
  return { url, token };
}

function sentenceOf({ seals, events, sealed_until, last_hash, first_difference: first }: Answer): string {
  const looked = `${seals} seals over ${events} events`;
  if (first !== undefined) return `Not intact, after ${looked}: ${first.what} between ${first.from} and ${first.to}: ${first.details}`;
  return `Intact: ${looked}${sealed_until === undefined ? '' : `, up to ${sealed_until}; the newest is ${last_hash}`}`;
}

function readArguments() {
  const options = { url: text, user: text, password: text, from: text, to: text, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ options }).values;
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function main(): Promise<void> {
  const { help, ...values } = readArguments();
  if (help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const { from, to } = values;
  const answer = await verify(await sessionOf(values), { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) });
  process.stdout.write(`${sentenceOf(answer)}\n`);
  process.exitCode = answer.intact ? 0 : 1;
}

/** What `fetch` throws has its reason inside. */
const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
};

main().catch((error: unknown) => {
  process.stderr.write(`${reasonOf(error)}\n`);
  if (error instanceof UsageError) process.stderr.write(`${usage}\n`);
  process.exitCode = 2;
});
