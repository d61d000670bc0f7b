import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createClock } from '../../../local/clock/clock.ts';
import { AccessDenied, type AccessRequest } from '../../../local/ports.ts';
import { type SecretsManagerOptions, startSecretsManager } from '../../../local/secrets/start.ts';

const region = 'eu-central-1';
const token = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const named = (name: string) => expect.objectContaining({ name });
const DAY_MS = 86_400_000;

const temporaryDir = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'patina-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
};

const start = async (options: Partial<SecretsManagerOptions> = {}) => {
  const clock = createClock({ mode: 'accelerated', rate: 1, skipIdle: false });
  const dataDir = options.dataDir ?? temporaryDir();
  const secrets = await startSecretsManager({ dataDir, authorize: () => undefined, clock, region, accountId: '000000000000', ...options });
  const clientAs = (accessKeyId: string) =>
    new SecretsManagerClient({ endpoint: secrets.url, region, maxAttempts: 1, credentials: { accessKeyId, secretAccessKey: 'local' } });
  const client = clientAs('KEY');
  onTestFinished(async () => {
    clock.close();
    await secrets.close();
  });
  const read = async (SecretId: string, more: object = {}) =>
    (await client.send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
  return { secrets, client, clientAs, clock, dataDir, read };
};

describe('a secret', () => {
  it('is found by name, by ARN and by ARN without its random suffix', async () => {
    const { client, read } = await start();
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'patina/dev/scaleio/1', SecretString: 's3cret' }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-central-1:000000000000:secret:patina\/dev\/scaleio\/1-[A-Za-z0-9]{6}$/);
    for (const id of ['patina/dev/scaleio/1', ARN, ARN.slice(0, -7)]) expect(await read(id)).toBe('s3cret');
  });

  it('keeps the previous value readable by its stage', async () => {
    const { client, read } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: 'a', SecretString: 'two' }));
    await client.send(new UpdateSecretCommand({ SecretId: 'a', SecretString: 'three', Description: 'of the gateway' }));
    expect(await read('a')).toBe('three');
    expect(await read('a', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
    expect(await read('a', { VersionId })).toBe('two');
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'a' }));
    expect(described.Description).toBe('of the gateway');
    expect(Object.values(described.VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
    expect(described.CreatedDate).toBeInstanceOf(Date);
  });

  it('keeps bytes as bytes', async () => {
    const { client } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretBinary: new Uint8Array([0, 255]) }));
    const { SecretBinary } = await client.send(new GetSecretValueCommand({ SecretId: 'a' }));
    expect([...(SecretBinary ?? [])]).toEqual([0, 255]);
  });

  it('is made once however often the same create is sent', async () => {
    const { client } = await start();
    const create = (SecretString: string, n: number) =>
      client.send(new CreateSecretCommand({ Name: 'a', SecretString, ClientRequestToken: token(n) }));
    const first = await create('one', 1);
    expect((await create('one', 1)).ARN).toBe(first.ARN);
    await expect(create('two', 1)).rejects.toThrow(named('ResourceExistsException'));
    await expect(create('one', 2)).rejects.toThrow(named('ResourceExistsException'));
  });

  it('takes a value once however often the same put is sent', async () => {
    const { client } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    const put = (SecretString: string) =>
      client.send(new PutSecretValueCommand({ SecretId: 'a', SecretString, ClientRequestToken: token(1) }));
    await put('two');
    expect((await put('two')).VersionId).toBe(token(1));
    await expect(put('three')).rejects.toThrow(named('ResourceExistsException'));
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'a' }));
    expect(Object.keys(VersionIdsToStages ?? {})).toHaveLength(2);
  });

  it('has the tags it was last given', async () => {
    const { client } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x', Tags: [{ Key: 'k', Value: '1' }] }));
    await client.send(
      new TagResourceCommand({
        SecretId: 'a',
        Tags: [
          { Key: 'k', Value: '2' },
          { Key: 'l', Value: '3' },
        ],
      }),
    );
    await client.send(new UntagResourceCommand({ SecretId: 'a', TagKeys: ['l'] }));
    expect((await client.send(new DescribeSecretCommand({ SecretId: 'a' }))).Tags).toEqual([{ Key: 'k', Value: '2' }]);
  });

  it('is listed, by name prefix and in pages, without its value', async () => {
    const { client } = await start();
    for (const Name of ['patina/1', 'patina/2', 'other/3']) await client.send(new CreateSecretCommand({ Name, SecretString: 's3cret' }));
    const Filters = [{ Key: 'name' as const, Values: ['patina/'] }];
    const first = await client.send(new ListSecretsCommand({ Filters, MaxResults: 1 }));
    const second = await client.send(new ListSecretsCommand({ Filters, MaxResults: 1, NextToken: first.NextToken }));
    expect([...(first.SecretList ?? []), ...(second.SecretList ?? [])].map(({ Name }) => Name).sort()).toEqual(['patina/1', 'patina/2']);
    expect(second.NextToken).toBeUndefined();
    expect(JSON.stringify(first.SecretList)).not.toContain('s3cret');
  });

  it.each([
    { reason: 'neither string nor bytes', command: new PutSecretValueCommand({ SecretId: 'a' }), error: 'InvalidParameterException' },
    {
      reason: 'a value above 64 KiB',
      command: new PutSecretValueCommand({ SecretId: 'a', SecretString: 'x'.repeat(65_537) }),
      error: 'ValidationException',
    },
    { reason: 'an unknown secret', command: new GetSecretValueCommand({ SecretId: 'b' }), error: 'ResourceNotFoundException' },
    { reason: 'an operation it does not have', command: new RotateSecretCommand({ SecretId: 'a' }), error: 'UnknownOperationException' },
  ])('is refused for $reason', async ({ command, error }) => {
    const { client } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    await expect(client.send(command as GetSecretValueCommand)).rejects.toThrow(named(error));
  });
});

describe('deleting a secret', () => {
  it('leaves a window in which it cannot be read or made anew, but restored', async () => {
    const { client, clock, read } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    await client.send(new DeleteSecretCommand({ SecretId: 'a', RecoveryWindowInDays: 7 }));
    await expect(read('a')).rejects.toThrow(named('InvalidRequestException'));
    await expect(client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'two' }))).rejects.toThrow(
      named('InvalidRequestException'),
    );
    await clock.advance(6 * DAY_MS);
    await client.send(new RestoreSecretCommand({ SecretId: 'a' }));
    expect(await read('a')).toBe('one');
  });

  it('is final when the window is over', async () => {
    const { client, clock, read } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    await client.send(new DeleteSecretCommand({ SecretId: 'a', RecoveryWindowInDays: 7 }));
    await clock.advance(8 * DAY_MS);
    await expect(read('a')).rejects.toThrow(named('ResourceNotFoundException'));
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'two' }));
    expect(await read('a')).toBe('two');
  });

  it('by force is final at once, and absence is success', async () => {
    const { client, read } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    const force = new DeleteSecretCommand({ SecretId: 'a', ForceDeleteWithoutRecovery: true });
    await client.send(force);
    await client.send(force);
    await expect(read('a')).rejects.toThrow(named('ResourceNotFoundException'));
    await expect(client.send(new DeleteSecretCommand({ SecretId: 'a' }))).rejects.toThrow(named('ResourceNotFoundException'));
  });
});

describe('at rest', () => {
  it('survives a restart, encrypted, in files that only this user reads', async () => {
    const first = await start();
    await first.client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'a-very-plain-text' }));
    await first.secrets.close();
    const files = readdirSync(first.dataDir).map((name) => join(first.dataDir, name));
    for (const file of files) {
      expect(readFileSync(file, 'latin1')).not.toContain('plain');
      expect(statSync(file).mode & 0o777).toBe(0o600);
    }
    const second = await start({ dataDir: first.dataDir });
    expect(await second.read('a')).toBe('a-very-plain-text');
  });

  it('does not start with a new key beside old secrets', async () => {
    const { client, dataDir } = await start();
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'one' }));
    rmSync(join(dataDir, 'key'));
    await expect(start({ dataDir })).rejects.toThrow('cannot be read without their key');
  });
});

describe('permission', () => {
  it('is asked for the ARN with the tags of the secret, and tagging at creation needs its own', async () => {
    const asked: AccessRequest[] = [];
    const { client } = await start({ authorize: (request) => void asked.push(request) });
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x', Tags: [{ Key: 'team', Value: 'blue' }] }));
    await client.send(new GetSecretValueCommand({ SecretId: 'a' }));
    expect(asked.map(({ action }) => action)).toEqual([
      'secretsmanager:CreateSecret',
      'secretsmanager:TagResource',
      'secretsmanager:GetSecretValue',
    ]);
    expect(asked[0]?.resource).toBe('arn:aws:secretsmanager:eu-central-1:000000000000:secret:a-000000');
    expect(asked[2]).toEqual({
      caller: 'KEY',
      action: 'secretsmanager:GetSecretValue',
      resource: ARN,
      context: { 'aws:ResourceTag/team': 'blue' },
    });
  });

  it('is refused alike whether the secret exists or not', async () => {
    const { client, clientAs } = await start({
      authorize: ({ caller }) => {
        if (caller === 'DENIED') throw new AccessDenied(`${caller} may not`);
      },
    });
    await client.send(new CreateSecretCommand({ Name: 'a', SecretString: 'x' }));
    for (const SecretId of ['a', 'b']) {
      await expect(clientAs('DENIED').send(new GetSecretValueCommand({ SecretId }))).rejects.toThrow(named('AccessDeniedException'));
    }
  });
});

describe('a secret of the template', () => {
  it('gets its generated value once and keeps it over restarts', async () => {
    const first = await start();
    const spec = {
      name: 'stack-Admin',
      properties: {
        GenerateSecretString: { SecretStringTemplate: '{"username":"root"}', GenerateStringKey: 'password', PasswordLength: 20 },
      },
    };
    const arn = first.secrets.ensureTemplateSecret(spec);
    const value = await first.read(arn);
    expect(JSON.parse(value ?? '')).toEqual({ username: 'root', password: expect.stringMatching(/^.{20}$/) });
    await first.secrets.close();
    const second = await start({ dataDir: first.dataDir });
    expect(second.secrets.ensureTemplateSecret(spec)).toBe(arn);
    expect(await second.read(arn)).toBe(value);
  });
});
