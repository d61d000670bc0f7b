import type { Secrets } from '../../core/ports.ts';
import type { Credentials, DriverRequest } from '../../drivers/sdk/driver.ts';
import { DriverError } from '../../drivers/sdk/errors.ts';
import { credentials } from '../../drivers/sdk/wire.ts';

const freshMs = 5 * 60 * 1000;

interface Kept {
  value: Credentials;
  until: number;
}

export interface CredentialsReader {
  /** From memory for up to five minutes. Throws `DriverRejected` without a secret, `DriverBusy` when it cannot be read. */
  read(request: DriverRequest): Promise<Credentials>;
  /** Reads the secret anew; whether it changed since. */
  refresh(secretId: string): Promise<boolean>;
}

const unreadable = (secretId: string, cause?: unknown): DriverError =>
  new DriverError(`the credentials in secret ${secretId} cannot be read`, { outcome: 'DriverBusy', code: 'driver.failed', cause });

/** What went wrong is not told: a parser's message quotes the text. */
const parsed = (text: string): Credentials | undefined => {
  try {
    return credentials.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const sameCredentials = (left: Credentials, right: Credentials): boolean =>
  left.username === right.username && left.password === right.password;

export const credentialsReader = (secrets: Pick<Secrets, 'read'>, now: () => number): CredentialsReader => {
  const kept = new Map<string, Kept>();
  const load = async (secretId: string): Promise<Credentials> => {
    const text = await secrets.read(secretId).catch((cause: unknown) => {
      throw unreadable(secretId, cause);
    });
    const value = parsed(text);
    if (value === undefined) throw unreadable(secretId);
    kept.set(secretId, { value, until: now() + freshMs });
    return value;
  };
  return {
    async read({ secretId }) {
      if (secretId === undefined) {
        throw new DriverError('request.secretId: the request names no secret', { outcome: 'DriverRejected', code: 'request.invalid' });
      }
      const known = kept.get(secretId);
      return known !== undefined && known.until > now() ? known.value : load(secretId);
    },
    async refresh(secretId) {
      const before = kept.get(secretId)?.value;
      const after = await load(secretId);
      return before === undefined || !sameCredentials(before, after);
    },
  };
};
