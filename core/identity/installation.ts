import * as z from 'zod';
import type { Key, Row, Value, Write } from '../change.ts';
import { absent } from '../change.ts';
import { type Author, created, historyWrite } from '../inventory/changes.ts';
import { newResource } from '../inventory/resource.ts';
import { brakeSchema } from '../inventory/schemas.ts';
import type { Clock, Ids, Rows } from '../ports.ts';
import { makeUrn } from '../urn.ts';
import { rootUser, rootUserWrite } from './users.ts';

/** What makes this installation itself. `mark` is part of every name given on arrays; a restored or copied store gets another `epoch`. */
const installationSchema = z.object({
  mark: z.string().regex(/^[0-9a-z]{6}$/),
  rootTenantId: z.string(),
  epoch: z.number().int(),
  createdAt: z.string(),
  /** Of the tables it is kept in; under another name it is a restored or copied store. Known from the first tick on. */
  storeName: z.string().optional(),
  /** The brake over all storage providers. */
  operations: brakeSchema.default('normal'),
  brakeReason: z.string().optional(),
  brakeSince: z.string().optional(),
});
export type Installation = z.infer<typeof installationSchema>;

export const installationKey: Key = { pk: 'INSTALLATION', sk: 'INSTALLATION' };

export const installationOf = (row: Row): Installation => installationSchema.parse(row);

/** Undefined before the first login. */
export const readInstallation = async (rows: Rows): Promise<Installation | undefined> => {
  const row = await rows.get('Inventory', installationKey);
  return row && installationOf(row);
};

type InstallationPatch = Partial<Pick<Installation, 'epoch' | 'operations' | 'brakeReason' | 'brakeSince' | 'storeName'>>;

/** Changes brake or epoch, with a history event; conditional on the epoch that was read. Undefined removes. */
export const installationWrites = (previous: Installation, patch: InstallationPatch, author: Author): Write[] => {
  const names = Object.keys(patch).filter((name) => Reflect.get(previous, name) !== Reflect.get(patch, name));
  if (names.length === 0) return [];
  const pick = (from: object) => Object.fromEntries(names.map((name) => [name, Reflect.get(from, name) as Value | undefined]));
  const values = pick(patch);
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: installationKey,
      set: Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)),
      remove: names.filter((name) => values[name] === undefined),
      when: [{ attribute: 'epoch', is: '=', value: previous.epoch }],
    },
    historyWrite(author, { resource: { id: installationKey.pk }, kind: 'changed', before: pick(previous), after: values }),
  ];
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
  const installation: Installation = { mark: markOf(ids.uuid()), rootTenantId, epoch: 1, createdAt, operations: 'normal' };
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
