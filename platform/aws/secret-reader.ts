import { AwsClient } from 'aws4fetch';
import * as z from 'zod';
import type { Secrets } from '../../core/ports.ts';
import { readEnvironment, required } from './env.ts';

const answer = z.object({ SecretString: z.string() });

/**
 * Reads secrets by one signed request, without the AWS SDK: a driver's function calls nothing else of AWS, and the SDK would be two thirds
 * of its bundle.
 */
export const signedSecretReader = (): Pick<Secrets, 'read'> => {
  const region = required('AWS_REGION');
  const environment = readEnvironment();
  const url = environment.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? `https://secretsmanager.${region}.amazonaws.com`;
  const client = new AwsClient({
    service: 'secretsmanager',
    region,
    accessKeyId: required('AWS_ACCESS_KEY_ID'),
    secretAccessKey: required('AWS_SECRET_ACCESS_KEY'),
    ...(environment.AWS_SESSION_TOKEN ? { sessionToken: environment.AWS_SESSION_TOKEN } : {}),
    retries: 2,
  });
  return {
    async read(name) {
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'secretsmanager.GetSecretValue' };
      const response = await client.fetch(url, { method: 'POST', headers, body: JSON.stringify({ SecretId: name }) });
      if (!response.ok) throw new Error(`Secrets Manager refused to give the secret ${name} (${response.status})`);
      return answer.parse(await response.json()).SecretString;
    },
  };
};
