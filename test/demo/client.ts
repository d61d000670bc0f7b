/** A client of Patina's API, as a platform engineer would write it. */
export interface Answer {
  readonly status: number;
  readonly body: Record<string, never> & Record<string, unknown>;
}

export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  /** Polls a task until it is `ready` or `error`. */
  finished(task: unknown): Promise<FinishedTask>;
  /** The same client, with the token it has, of a host that has moved. */
  at(url: string): Client;
}

export interface FinishedTask {
  readonly id: string;
  readonly state: string;
  readonly resource: { readonly id: string; readonly name: string };
  readonly message?: string;
  readonly service_error?: { readonly description: string; readonly details: string };
}

const patienceMs = 30_000;

export const login = async (url: string, user: string, password: string): Promise<{ token: string; status: number }> => {
  const answer = await fetch(`${url}/login`, {
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  });
  return { token: answer.headers.get('x-sds-auth-token') ?? '', status: answer.status };
};

export const createClient = (url: string, token: string): Client => {
  const send = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'x-sds-auth-token': token, 'content-type': 'application/json', accept: 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  const finished = async (task: unknown): Promise<FinishedTask> => {
    const { id } = task as { id: string };
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const { body } = await send('GET', `/vdc/tasks/${id}`);
      const read = body as unknown as FinishedTask;
      if (read.state === 'ready' || read.state === 'error') return read;
      if (Date.now() > giveUpAt) throw new Error(`the task ${id} was still ${read.state} after ${patienceMs / 1000} s`);
    }
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    finished,
    at: (moved) => createClient(moved, token),
  };
};
