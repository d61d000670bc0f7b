import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../../../local/lambda/endpoint.ts';
import { InvokeError } from '../../../../local/lambda/invoke-error.ts';
import { AccessDenied, type InvokeAnswer, type InvokeRequest } from '../../../../local/ports.ts';

let endpoint: LambdaEndpoint;
let client: LambdaClient;
let asked: InvokeRequest[];
let answer: () => InvokeAnswer;

beforeEach(async () => {
  asked = [];
  answer = () => ({ payload: '{"ok":true}' });
  endpoint = await startLambdaEndpoint(async (request) => {
    asked.push(request);
    return answer();
  });
  client = new LambdaClient({
    endpoint: endpoint.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIALOCAL-App-Control', secretAccessKey: 'local' },
  });
});

afterEach(async () => {
  client.destroy();
  await endpoint.close();
});

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:driver:live';

describe('the Invoke endpoint, through the SDK', () => {
  it('invokes an alias on behalf of the key that signed', async () => {
    const { Payload, StatusCode, FunctionError } = await client.send(new InvokeCommand({ FunctionName: arn, Payload: '{"a":1}' }));
    expect(Payload?.transformToString()).toBe('{"ok":true}');
    expect([StatusCode, FunctionError]).toEqual([200, undefined]);
    expect(asked).toEqual([{ caller: 'AKIALOCAL-App-Control', functionName: arn, payload: '{"a":1}', invocationType: 'RequestResponse' }]);
  });

  it('puts a qualifier behind the name', async () => {
    await client.send(new InvokeCommand({ FunctionName: 'driver', Qualifier: 'live' }));
    expect(asked[0]).toMatchObject({ functionName: 'driver:live', payload: '{}' });
  });

  it('answers events with 202', async () => {
    answer = () => ({ payload: '' });
    const { StatusCode } = await client.send(new InvokeCommand({ FunctionName: 'driver', InvocationType: 'Event' }));
    expect(StatusCode).toBe(202);
  });

  it('marks an error of the function', async () => {
    answer = () => ({ payload: '{"errorType":"DriverBusy"}', functionError: 'Unhandled' });
    expect((await client.send(new InvokeCommand({ FunctionName: 'driver' }))).FunctionError).toBe('Unhandled');
  });

  it.each([
    ['AccessDeniedException', () => new AccessDenied('no')],
    ['ResourceNotFoundException', () => new InvokeError('none', { code: 'ResourceNotFoundException' })],
    ['RequestTooLargeException', () => new InvokeError('big', { code: 'RequestTooLargeException' })],
  ])('gives %s by its name', async (name, error) => {
    answer = () => {
      throw error();
    };
    await expect(client.send(new InvokeCommand({ FunctionName: 'driver' }))).rejects.toMatchObject({ name });
  });

  it('refuses an unsigned request', async () => {
    const { status } = await fetch(`${endpoint.url}/2015-03-31/functions/driver/invocations`, { method: 'POST' });
    expect(status).toBe(403);
    expect(asked).toEqual([]);
  });
});
