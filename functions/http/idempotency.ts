import type { Value } from '../../core/change.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import type { Principal } from '../../core/identity/access.ts';
import type { Rows } from '../../core/ports.ts';
import { type IdempotencyKey, idempotencyKey } from '../../core/request.ts';
import { isSecretName } from './secret-names.ts';

const longestKey = 255;

/** Names in order, so that the same request is the same text; no secrets, since a hash of a weak one can be guessed. */
const canonical = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([name]) => !isSecretName(name))
          .sort(([a], [b]) => a.localeCompare(b)),
      )
    : value;

/** Of a POST with the header `Idempotency-Key`. */
export const idempotencyOf = (request: Request, principal: Principal, { body }: { body: unknown }): IdempotencyKey | undefined => {
  const key = request.headers.get('idempotency-key');
  if (key === null) return undefined;
  if (key.length === 0 || key.length > longestKey)
    throw new ControlPlaneError(`the header Idempotency-Key has ${key.length} characters; it must have 1 to ${longestKey}`, {
      code: 'request.parameterInvalid',
    });
  const { pathname, searchParams } = new URL(request.url);
  searchParams.sort();
  const { user, tenantId } = principal;
  const text = JSON.stringify([request.method, pathname, searchParams.toString(), body], canonical);
  return idempotencyKey({ user, tenantId, key, request: text });
};

/** The answer that the same request got before; undefined when it is new. */
export const storedAnswer = async (rows: Rows, key: IdempotencyKey): Promise<Value | undefined> => {
  const row = await rows.get('Coordination', { pk: key.pk, sk: 'IDEMPOTENCY' });
  if (row === undefined) return undefined;
  if (row['requestHash'] === key.requestHash) {
    if (row['answer'] !== undefined) return row['answer'];
    throw new ControlPlaneError('another request with this idempotency key is being handled; send it again', { code: 'resource.changed' });
  }
  throw new ControlPlaneError('the header Idempotency-Key was sent before with another request; take a new key for each request', {
    code: 'idempotency.mismatch',
  });
};
