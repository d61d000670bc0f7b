import { readEnvironment, required } from './env.ts';

/**
 * Takes the place of the SDK's chain of credential providers in bundles: a function's credentials are in its environment, and the rest of the
 * chain (profiles, SSO, instance metadata) would be an eighth of a bundle.
 */
export const defaultProvider = () => async () => {
  const { AWS_SESSION_TOKEN: sessionToken } = readEnvironment();
  return {
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken ? { sessionToken } : {}),
  };
};
