import type { Live } from './live.ts';

interface ScanPage {
  readonly Items: readonly Record<string, unknown>[];
  readonly LastEvaluatedKey?: unknown;
}

const call = async <T>({ host }: Live, operation: string, body: object): Promise<T> => {
  const answer = await fetch(host.endpoints['DYNAMODB'] ?? '', {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${host.operatorKey}/20300101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=x`,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
  return (await answer.json()) as T;
};

/** The first tick notes the store's name in the installation's row, whatever is asked meanwhile. */
const notedByTick = 'storeName';

const asText = (item: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.entries(item)
      .filter(([name]) => name !== notedByTick)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const rowsOf = async (live: Live, TableName: string): Promise<string[]> => {
  const found: string[] = [];
  let ExclusiveStartKey: unknown;
  do {
    const from = ExclusiveStartKey === undefined ? {} : { ExclusiveStartKey };
    const page = await call<ScanPage>(live, 'Scan', { TableName, ConsistentRead: true, ...from });
    found.push(...page.Items.map(asText));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return found.sort();
};

/** Every row of every table but Identity, where each use of a token is noted; to compare before and after. */
export const storedRows = async (live: Live): Promise<Readonly<Record<string, readonly string[]>>> => {
  const { TableNames } = await call<{ TableNames: string[] }>(live, 'ListTables', {});
  const names = TableNames.filter((name) => !name.includes('Identity'));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await rowsOf(live, name)] as const)));
};

type Attribute = Readonly<Record<string, unknown>>;

/** Text, number or truth; everything else is left out. */
const plain = ({ S, N, BOOL }: Attribute): unknown => S ?? (N === undefined ? BOOL : Number(N));

export interface StoredResource {
  readonly pk: string;
  readonly [attribute: string]: unknown;
}

/** Every resource, with its plain attributes. */
export const storedResources = async (live: Live): Promise<StoredResource[]> => {
  const tables = await storedRows(live);
  const items = Object.entries(tables).flatMap(([name, rows]) => (name.includes('Inventory') ? rows : []));
  const resources = items.map((row) =>
    Object.fromEntries((JSON.parse(row) as [string, Attribute][]).map(([name, value]) => [name, plain(value)])),
  );
  return resources.filter((resource) => resource['sk'] === 'RESOURCE').map((resource) => ({ ...resource, pk: String(resource['pk']) }));
};
