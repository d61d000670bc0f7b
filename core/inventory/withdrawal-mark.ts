import * as z from 'zod';
import type { Key, Write } from '../change.ts';
import { absent } from '../change.ts';
import type { Rows } from '../ports.ts';
import type { IdempotencyKey } from '../request.ts';
import type { Taking } from './users.ts';

const pk = 'WITHDRAWAL';

const answerSchema = z.record(z.string(), z.json());

const markSchema = z.object({
  sk: z.string(),
  id: z.string(),
  taken: z.union([z.literal('itself'), z.array(z.string())]),
  at: z.string(),
  by: z.string(),
  /** Of the request: its key waits for the answer, which is given when it is sure. */
  idempotency: z.object({ pk: z.string(), requestHash: z.string() }).optional(),
  answer: answerSchema,
});

/** Something was taken away, and it is not sure yet that nobody uses it. */
export type WithdrawalMark = z.infer<typeof markSchema>;

const keyOf = ({ sk }: Pick<WithdrawalMark, 'sk'>): Key => ({ pk, sk });

interface Begun extends Taking {
  readonly sk: string;
  readonly at: string;
  readonly by: string;
  readonly idempotency?: IdempotencyKey | undefined;
  readonly answer: object;
}

export const newMark = ({ resource, taken, idempotency, answer, ...rest }: Begun): WithdrawalMark => ({
  ...rest,
  id: resource.id,
  taken: taken === 'itself' ? taken : [...taken],
  ...(idempotency ? { idempotency: { ...idempotency } } : {}),
  answer: answerSchema.parse(JSON.parse(JSON.stringify(answer))),
});

export const putMark = (mark: WithdrawalMark): Write => ({ do: 'put', table: 'Inventory', row: { pk, ...mark }, when: absent });

export const dropMark = (mark: Pick<WithdrawalMark, 'sk'>): Write => ({
  do: 'delete',
  table: 'Inventory',
  key: keyOf(mark),
  when: [{ attribute: 'pk', is: 'present' }],
});

/** All of them, read consistently: usually none. */
export const openMarks = async (rows: Rows): Promise<WithdrawalMark[]> => {
  const marks: WithdrawalMark[] = [];
  let cursor: string | undefined;
  do {
    const page = await rows.query({ table: 'Inventory', pk, ...(cursor ? { cursor } : {}) });
    marks.push(...page.rows.map((row) => markSchema.parse(row)));
    cursor = page.cursor;
  } while (cursor);
  return marks;
};
