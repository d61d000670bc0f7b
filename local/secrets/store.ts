import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { loadKey, seal, unseal } from './seal.ts';

const tagSchema = z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) });

const versionSchema = z.object({
  id: z.string(),
  stages: z.array(z.string()),
  /** The value, encrypted. */
  sealed: z.string(),
  createdAt: z.number(),
});

const secretSchema = z.object({
  arn: z.string(),
  name: z.string(),
  description: z.string().optional(),
  kmsKeyId: z.string().optional(),
  tags: z.array(tagSchema),
  /** Epoch milliseconds of the host's clock, as all times here. */
  createdAt: z.number(),
  changedAt: z.number(),
  /** Set by DeleteSecret: when the secret is gone for good. */
  goneAt: z.number().optional(),
  deletedAt: z.number().optional(),
  versions: z.array(versionSchema),
});

const valueSchema = z.object({ SecretString: z.string().optional(), SecretBinary: z.string().optional() });

export const tagsSchema = z.array(tagSchema).max(50);
export type Secret = z.infer<typeof secretSchema>;
export type Version = z.infer<typeof versionSchema>;
export type Value = z.infer<typeof valueSchema>;

/** All secrets in one file, written whole and put in place at once; values in it are encrypted. */
export class SecretStore {
  readonly #file: string;
  readonly #key: Buffer;
  readonly #secrets: Map<string, Secret>;

  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.#file = join(dataDir, 'secrets.json');
    const known = existsSync(this.#file);
    this.#key = loadKey(join(dataDir, 'key'), !known);
    const secrets = known ? z.array(secretSchema).parse(JSON.parse(readFileSync(this.#file, 'utf8'))) : [];
    this.#secrets = new Map(secrets.map((secret) => [secret.name, secret]));
  }

  list(): Secret[] {
    return [...this.#secrets.values()];
  }

  /** By name. */
  find(name: string): Secret | undefined {
    return this.#secrets.get(name);
  }

  save(secret: Secret): void {
    this.#secrets.set(secret.name, secret);
    this.#write();
  }

  remove(name: string): void {
    if (this.#secrets.delete(name)) this.#write();
  }

  seal({ arn }: Pick<Secret, 'arn'>, value: Value): string {
    return seal(this.#key, arn, JSON.stringify(value));
  }

  unseal({ arn }: Pick<Secret, 'arn'>, { sealed }: Version): Value {
    return valueSchema.parse(JSON.parse(unseal(this.#key, arn, sealed)));
  }

  #write(): void {
    const replacement = `${this.#file}.new`;
    writeFileSync(replacement, JSON.stringify(this.list()), { mode: 0o600 });
    renameSync(replacement, this.#file);
  }
}
