import * as z from 'zod';
import type { Application } from './assembly/application.ts';
import { askService } from './protocol/signed.ts';
import type { LocalSecretsManager } from './secrets/start.ts';

const generated = z.object({
  GenerateSecretString: z.object({
    SecretStringTemplate: z.string().transform((text): unknown => JSON.parse(text)),
    GenerateStringKey: z.string(),
  }),
});

const rootUser = z.looseObject({ username: z.literal('root') });

export interface RootSecret {
  readonly name: string;
  readonly passwordKey: string;
}

/** The secret of the template whose generated part is the password of the user `root`. */
export function rootSecretOf(application: Application): RootSecret | undefined {
  return application.ofType('AWS::SecretsManager::Secret').flatMap(({ name, properties }) => {
    const parsed = generated.safeParse(properties);
    if (!parsed.success) return [];
    const { SecretStringTemplate, GenerateStringKey } = parsed.data.GenerateSecretString;
    return rootUser.safeParse(SecretStringTemplate).success ? [{ name, passwordKey: GenerateStringKey }] : [];
  })[0];
}

/** Makes the template's secrets; returns their ARNs by name. */
export function ensureSecrets(application: Application, secrets: LocalSecretsManager): Map<string, string> {
  const found = application.ofType('AWS::SecretsManager::Secret');
  return new Map(found.map(({ name, properties }) => [name, secrets.ensureTemplateSecret({ name, properties })]));
}

export interface SecretReader {
  readonly url: string;
  readonly caller: string;
}

const secretValue = z.object({ SecretString: z.string().transform((text): unknown => JSON.parse(text)) });

export async function readRootPassword({ name, passwordKey }: RootSecret, { url, caller }: SecretReader): Promise<string> {
  const request = { url, caller, target: 'secretsmanager.GetSecretValue', version: '1.1', body: { SecretId: name } } as const;
  const { SecretString } = secretValue.parse(await askService(request));
  return z
    .record(z.string(), z.unknown())
    .transform((fields) => String(fields[passwordKey]))
    .parse(SecretString);
}
