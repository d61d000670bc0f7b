import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlPlaneError } from '../../../core/errors.ts';
import { tellingRights } from '../../../platform/aws/rights.ts';
import { createTable, type Local, S, startLocal } from '../dynamodb/support.ts';

let local: Local;
let TableName: string;
beforeAll(async () => {
  local = await startLocal();
  TableName = await createTable(local.ddb);
  tellingRights(local.ddb);
});
afterAll(() => local.close());

const read = (Key = { pk: S('a') }) => local.ddb.send(new GetItemCommand({ TableName, Key }));

describe('a request to AWS', () => {
  it('for which the right is missing says which right, and keeps the resource for the log', async () => {
    local.denied.add('dynamodb:GetItem');
    const error = await read().catch((refused: unknown) => refused);
    local.denied.clear();
    expect(error).toBeInstanceOf(ControlPlaneError);
    expect(error).toMatchObject({
      code: 'deployment.rightMissing',
      message: "the deployment lacks the right to GetItem of DynamoDB; the function's log names the resource, for an administrator",
      cause: { name: 'AccessDeniedException', message: expect.stringContaining(`on resource: arn:aws:dynamodb:`) },
    });
  });

  it('is otherwise answered, or fails, as ever', async () => {
    await expect(read()).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
    await expect(read({ pk: S('') })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
