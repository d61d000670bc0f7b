import { ServiceError } from '../protocol/service-error.ts';

export interface PageRequest {
  maxResults: number;
  nextToken?: string | undefined;
}

const DEFAULT_PAGE = 100;

/** One page of a list that only grows at its far end, with the token of the next. */
export const pageOf = <Item>(items: readonly Item[], { maxResults, nextToken }: PageRequest): { items: Item[]; nextToken?: string } => {
  const start = nextToken === undefined ? 0 : offsetOf(nextToken);
  const end = start + (maxResults || DEFAULT_PAGE);
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: tokenOf(end) }) };
};

const tokenOf = (offset: number): string => Buffer.from(`after:${offset}`).toString('base64url');

const offsetOf = (token: string): number => {
  const offset = /^after:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (offset === undefined) throw new ServiceError('InvalidToken', 'nextToken is not one of ours');
  return Number(offset);
};
