import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createClock, type HostClock } from '../../../local/clock/clock.ts';
import { type LocalSecretsManager, startSecretsManager } from '../../../local/secrets/start.ts';
import { signedSecretReader } from '../../../platform/aws/secret-reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'patina-secrets-'));
const callers: string[] = [];
let manager: LocalSecretsManager;
let clock: HostClock;

beforeAll(async () => {
  clock = createClock({ mode: 'real' });
  manager = await startSecretsManager({
    dataDir: folder,
    clock,
    authorize: ({ caller, action }) => void callers.push(`${caller} ${action}`),
    region: 'us-east-1',
    accountId: '000000000000',
  });
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'DRIVERKEY');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
  vi.stubEnv('AWS_SESSION_TOKEN', 'session');
  vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', manager.url);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await manager.close();
  clock.close();
  rmSync(folder, { recursive: true });
});

it('reads a secret as the function whose key it has, and tells a refusal without the answer’s text', async () => {
  const sdk = new SecretsManagerClient({
    endpoint: manager.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'SETUP', secretAccessKey: 'none' },
  });
  await sdk.send(new CreateSecretCommand({ Name: 'patina/dev/scaleio/1', SecretString: '{"username":"admin"}' }));
  const reader = signedSecretReader();
  expect(await reader.read('patina/dev/scaleio/1')).toBe('{"username":"admin"}');
  expect(callers.at(-1)).toBe('DRIVERKEY secretsmanager:GetSecretValue');
  await expect(reader.read('patina/dev/scaleio/2')).rejects.toThrow('refused to give the secret patina/dev/scaleio/2 (400)');
});
