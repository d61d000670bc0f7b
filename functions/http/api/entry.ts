import { awsApi, awsSleeper } from '../../../platform/aws/index.ts';
import { routes as authRoutes } from '../auth/routes.ts';
import { endpoint } from '../endpoint.ts';
import { routes as providerRoutes } from '../providers/routes.ts';
import { routes } from './routes.ts';

export const handler = endpoint({
  routes,
  known: [...routes, ...authRoutes, ...providerRoutes],
  ports: { ...awsApi('api'), sleeper: awsSleeper },
});
