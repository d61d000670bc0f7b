import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { tableSpecs } from '../../cdk/constructs/table-specs.ts';
import { assemblyOf, type Context, propertiesOf, resourcesOf } from './synth.ts';

const prod = { stage: 'prod' };
const key = z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) });
const globalTable = z.looseObject({
  BillingMode: z.string(),
  KeySchema: z.array(key),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  GlobalSecondaryIndexes: z
    .array(z.looseObject({ IndexName: z.string(), KeySchema: z.array(key), Projection: z.object({ ProjectionType: z.string() }) }))
    .default([]),
  TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  Replicas: z.tuple([
    z.looseObject({
      DeletionProtectionEnabled: z.boolean().optional(),
      PointInTimeRecoverySpecification: z.looseObject({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
    }),
  ]),
});
const tablesOf = (context = {}) => propertiesOf(resourcesOf('Data', context), 'AWS::DynamoDB::GlobalTable', globalTable);
const isRecoverable = (table: z.infer<typeof globalTable>) =>
  table.Replicas[0].PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true;

describe('the tables', () => {
  it('keep their logical ids, since another id is another, empty table', () => {
    expect(tablesOf().map(([id]) => id)).toEqual([
      'InventoryCFCBEC24',
      'Tasks0BA6A452',
      'Coordination735ED56D',
      'Identity2D60E2CC',
      'HistoryC127576E',
    ]);
  });

  it('have the keys pk and sk and are paid for by request', () => {
    for (const [, table] of tablesOf()) {
      expect(table.KeySchema.map((each) => each.AttributeName)).toEqual(['pk', 'sk']);
      expect(table.BillingMode).toBe('PAY_PER_REQUEST');
      expect(table.AttributeDefinitions.every((each) => each.AttributeType === 'S')).toBe(true);
    }
  });

  it('have only indexes with a sort attribute and the keys alone', () => {
    const indexes = tablesOf().flatMap(([, table]) => table.GlobalSecondaryIndexes);
    expect(indexes.map((index) => [index.IndexName, ...index.KeySchema.map((each) => each.AttributeName)])).toEqual([
      ['ByDue', 'duePk', 'dueSk'],
      ['Open', 'openPk', 'openSk'],
      ['ByTenant', 'tenantPk', 'tenantSk'],
      ['ByDay', 'dayPk', 'daySk'],
    ]);
    expect(new Set(indexes.map((index) => index.Projection.ProjectionType))).toEqual(new Set(['KEYS_ONLY']));
  });

  it('forget what may be forgotten, by one attribute', () => {
    const expiring = tablesOf().filter(([, table]) => table.TimeToLiveSpecification?.Enabled);
    expect(expiring.map(([id]) => id.slice(0, -8))).toEqual(['Tasks', 'Coordination', 'Identity', 'History']);
    expect(new Set(expiring.map(([, table]) => table.TimeToLiveSpecification?.AttributeName))).toEqual(new Set(['expiresAtEpochSeconds']));
  });

  it('can be taken back in time where nothing else holds the data', () => {
    const recoverable = Object.entries(tableSpecs).filter(([, spec]) => spec.isRecoverable);
    expect(recoverable.map(([name]) => name)).toEqual(['Inventory', 'Identity', 'History']);
    for (const context of [{}, prod])
      expect(
        tablesOf(context)
          .filter(([, table]) => isRecoverable(table))
          .map(([id]) => id.slice(0, -8)),
      ).toEqual(recoverable.map(([name]) => name));
  });

  it('cannot be deleted but on the development stage', () => {
    for (const [, table] of tablesOf(prod)) expect(table.Replicas[0].DeletionProtectionEnabled).toBe(true);
    for (const [, table] of tablesOf()) expect(table.Replicas[0].DeletionProtectionEnabled).toBe(false);
  });

  it('stay when a stack goes, but on the development stage', () => {
    const policies = (context: object) => new Set(Object.values(resourcesOf('Data', { ...context })).map((each) => each['DeletionPolicy']));
    expect(policies(prod)).toEqual(new Set(['Retain']));
    expect(policies({})).toEqual(new Set(['Delete']));
  });
});

describe('the stacks', () => {
  it('are protected from deletion, but on the development stage', () => {
    expect(assemblyOf(prod).stacks.map((stack) => stack.terminationProtection)).toEqual([true, true]);
    expect(assemblyOf().stacks.map((stack) => stack.terminationProtection)).toEqual([false, false]);
  });

  it('are named after their stage, so that stages share an account', () => {
    expect(assemblyOf(prod).stacks.map((stack) => stack.stackName)).toEqual(['patina-prod-data', 'patina-prod-application']);
  });
});

describe("root's password", () => {
  it('is made at random, long, and typed without trouble', () => {
    const secrets = propertiesOf(
      resourcesOf('Data'),
      'AWS::SecretsManager::Secret',
      z.looseObject({ Name: z.string(), GenerateSecretString: z.unknown() }),
    );
    expect(secrets.map(([, secret]) => [secret.Name, secret.GenerateSecretString])).toEqual([
      [
        'patina/dev/root',
        { ExcludePunctuation: true, GenerateStringKey: 'password', PasswordLength: 32, SecretStringTemplate: '{"username":"root"}' },
      ],
    ]);
  });
});

describe('log groups', () => {
  const policies = (context: Context) =>
    new Set(
      assemblyOf(context).stacks.flatMap(({ template }) =>
        Object.values<{ Type: string; DeletionPolicy: string }>(template.Resources).flatMap((each) =>
          each.Type === 'AWS::Logs::LogGroup' ? [each.DeletionPolicy] : [],
        ),
      ),
    );

  it('go with a development stage, and outlive every other', () => {
    expect(policies({ network: 'create' })).toEqual(new Set(['Delete']));
    expect(policies({ ...prod, network: 'create' })).toEqual(new Set(['Retain']));
  });
});
