import { beforeEach, describe, expect, it, vi } from 'vitest';

/** The environment is read once. */
const credentials = async () => {
  const { defaultProvider } = await import('../../../platform/aws/environment-credentials.ts');
  return defaultProvider()();
};

beforeEach(() => {
  vi.resetModules();
  vi.unstubAllEnvs();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
});

describe('the credentials of a function', () => {
  it('are those that Lambda puts into its environment', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    expect(await credentials()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'session' });
  });

  it('need no session token', async () => {
    expect(await credentials()).toEqual({ accessKeyId: 'key', secretAccessKey: 'secret' });
  });

  it('are not made up where there are none', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    await expect(credentials()).rejects.toThrow('AWS_ACCESS_KEY_ID');
  });
});
