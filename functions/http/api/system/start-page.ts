import * as z from 'zod';
import manifest from '../../../../package.json' with { type: 'json' };
import { defineRoute } from '../../route.ts';

const links = [
  { rel: 'login', href: '/login' },
  { rel: 'api', href: '/openapi.json' },
];

export const product = { name: 'Patina', version: manifest.version } as const;

export const route = defineRoute({
  method: 'GET',
  path: '/',
  function: 'api',
  permission: 'public',
  summary: 'What answers here, and where to go on',
  response: z.object({ product: z.string(), version: z.string(), links: z.array(z.object({ rel: z.string(), href: z.string() })) }),
  status: 200,
  handler: () => Promise.resolve({ product: product.name, version: product.version, links }),
});
