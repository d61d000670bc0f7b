import * as z from 'zod';
import { resourceAsOf, rowsAsOf } from '../../../../core/history/as-of.ts';
import { momentOf } from '../../../../core/history/moment.ts';
import type { Reader } from '../../../../core/inventory/read.ts';
import type { ResourceType } from '../../../../core/inventory/schemas.ts';
import type { Rows } from '../../../../core/ports.ts';
import type { ApiPorts } from '../../../../core/request.ts';
import type { ResourceKind } from '../resource-kind.ts';

export const asOfQuery = z.strictObject({
  as_of: z.iso
    .datetime({ offset: true, error: 'use a time such as 2026-03-01T12:00:00Z' })
    .optional()
    .describe('Answer as it was at this time'),
});

/** Of a list as of a time, at once. */
export const mostAsOf = 200;

type AsOfPorts = Pick<ApiPorts, 'rows' | 'clock'>;

/** The store as it was; `asOf` has been parsed, and is refused if it is in the future or longer ago than history is kept. */
export const storeAsOf = ({ rows, clock }: AsOfPorts, asOf: string): Rows => rowsAsOf(rows, momentOf(asOf, clock.now()));

export const showAsOf = async <T extends ResourceType>(
  { type, represent, notKept = [] }: Pick<ResourceKind<T>, 'type' | 'represent' | 'notKept'>,
  ports: AsOfPorts,
  { reader, id, asOf }: { readonly reader: Reader; readonly id: string; readonly asOf: string },
): Promise<object> => {
  const at = momentOf(asOf, ports.clock.now());
  const body = await represent(await resourceAsOf(ports.rows, reader, { type, id, at }), { rows: rowsAsOf(ports.rows, at) });
  return Object.fromEntries(Object.entries(body).filter(([name]) => !notKept.includes(name)));
};
