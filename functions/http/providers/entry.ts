import { readEnvironment } from '../../../platform/aws/env.ts';
import { awsApi, awsDrivers, awsSecrets } from '../../../platform/aws/index.ts';
import { endpoint } from '../endpoint.ts';
import { routes } from './routes.ts';

const { ARRAY_CIDRS: arrayCidrs, SECRET_PREFIX: secretPrefix } = readEnvironment();

export const handler = endpoint({
  routes,
  ports: { ...awsApi('providers'), drivers: awsDrivers(), secrets: awsSecrets(), config: { arrayCidrs, secretPrefix } },
});
