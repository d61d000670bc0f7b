import * as z from 'zod';
import { parseWith } from './parse-with.ts';

const generic = z.object({
  dry_run: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
  limit: z.coerce.number<string>().int().min(1).max(1000).optional(),
  cursor: z.string().min(1).max(2000).optional(),
});

const genericNames = Object.keys(generic.shape);

/** A parameter given twice is a list, which no schema takes unless it means it. */
const parametersOf = (url: string): [string, string | string[]][] => {
  const { searchParams } = new URL(url);
  return [...new Set(searchParams.keys())].map((name) => {
    const [first = '', ...more] = searchParams.getAll(name);
    return [name, more.length === 0 ? first : [first, ...more]];
  });
};

/** What every route understands, apart from what this one does. */
export const parseQuery = (request: Request, schema: z.ZodType = z.strictObject({})) => {
  const parameters = parametersOf(request.url);
  const own = parameters.filter(([name]) => !genericNames.includes(name));
  const common = parseWith(generic, Object.fromEntries(parameters.filter(([name]) => genericNames.includes(name))), 'parameter');
  return {
    dryRun: common.dry_run,
    page: { limit: common.limit, cursor: common.cursor },
    query: parseWith(schema, Object.fromEntries(own), 'parameter'),
  };
};
