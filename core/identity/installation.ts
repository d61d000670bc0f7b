import * as z from 'zod';
import type { Key, Write } from '../change.ts';
import { absent } from '../change.ts';
import { created } from '../inventory/changes.ts';
import { newResource } from '../inventory/resource.ts';
import type { Clock, Ids, Rows } from '../ports.ts';
import { makeUrn } from '../urn.ts';
import { rootUser, rootUserWrite } from './users.ts';

/** What makes this installation itself. `mark` is part of every name given on arrays; a restored or copied store gets another `epoch`. */
const installationSchema = z.object({
  mark: z.string().regex(/^[0-9a-z]{6}$/),
  rootTenantId: z.string(),
  epoch: z.number().int(),
  createdAt: z.string(),
});
export type Installation = z.infer<typeof installationSchema>;

const installationKey: Key = { pk: 'INSTALLATION', sk: 'INSTALLATION' };

/** Undefined before the first login. */
export const readInstallation = async (rows: Rows): Promise<Installation | undefined> => {
  const row = await rows.get('Inventory', installationKey);
  return row && installationSchema.parse(row);
};

/** Six digits of base 36 out of a UUID's 122 random bits. */
const markOf = (uuid: string): string =>
  BigInt(`0x${uuid.replaceAll('-', '')}`)
    .toString(36)
    .slice(-6)
    .padStart(6, '0');

/** The installation, its root tenant and its root user; each only if it is not there. */
export const bootstrapWrites = ({ clock, ids }: { clock: Clock; ids: Ids }): { installation: Installation; writes: Write[] } => {
  const createdAt = new Date(clock.now()).toISOString();
  const rootTenantId = makeUrn('TenantOrg', ids.uuid());
  const installation: Installation = { mark: markOf(ids.uuid()), rootTenantId, epoch: 1, createdAt };
  const author = { actor: rootUser, at: createdAt, ulid: () => ids.ulid() };
  return {
    installation,
    writes: [
      { do: 'put', table: 'Inventory', row: { ...installationKey, ...installation }, when: absent },
      ...created(newResource(rootTenantId, 'Root Provider Tenant', createdAt), author),
      rootUserWrite(rootTenantId, createdAt),
    ],
  };
};
