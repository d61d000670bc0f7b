import * as z from 'zod';
import { required } from '../../../platform/aws/env.ts';
import { awsBase, awsSecrets } from '../../../platform/aws/index.ts';
import { endpoint } from '../endpoint.ts';
import { routes } from './routes.ts';

const rootSecret = z.object({ password: z.string() });

const secrets = awsSecrets();

export const handler = endpoint({
  routes,
  ports: {
    ...awsBase('auth'),
    rootPassword: async () => rootSecret.parse(JSON.parse(await secrets.read(required('ROOT_SECRET_ARN')))).password,
  },
});
