import { badRequest, unknownResource } from './errors.ts';
import { familyOf } from './families.ts';
import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';

function idsOf(body: Json): string[] {
  const ids = body['ids'];
  if (!Array.isArray(ids)) throw badRequest('ids must be a list');
  return ids.map(String);
}

function pick(all: Json, properties: readonly string[]): Json {
  const unknown = properties.find((property) => !(property in all));
  if (unknown !== undefined) throw badRequest(`Unknown statistics property ${unknown}`);
  return Object.fromEntries(properties.map((property) => [property, all[property]]));
}

/** One property that this version does not know fails the whole call. `System` with empty `ids` answers without the id in between. */
function querySelectedStatistics(array: ArrayState, type: string, body: Json): unknown {
  const properties = body['properties'];
  if (!Array.isArray(properties)) throw badRequest('properties must be a list');
  const wanted = properties.map(String);
  const family = familyOf(array, type);
  if ('allIds' in body) {
    const all = Object.entries(family.statisticsOfAll(array));
    return Object.fromEntries(all.map(([id, statistics]) => [id, pick(statistics, wanted)]));
  }
  const ids = idsOf(body);
  if (type === 'System' && ids.length === 0) return pick(family.statistics(array, array.system.id), wanted);
  return Object.fromEntries(ids.map((id) => [id, pick(family.statistics(array, id), wanted)]));
}

type TypeQuery = (array: ArrayState, type: string, body: Json) => unknown;

const typeQueries: Record<string, TypeQuery> = {
  querySelectedStatistics,
  queryIdByKey: (array, type, body) => familyOf(array, type).idByKey(array, body),
  queryBySelectedIds: (array, type, body) => idsOf(body).map((id) => familyOf(array, type).read(array, id)),
  queryAllApprovedSdc: (array, type) =>
    familyOf(array, type)
      .list(array)
      .filter((sdc) => sdc['sdcApproved'] === true),
};

export function runTypeQuery(array: ArrayState, { type, verb }: { type: string; verb: string }, body: Json): unknown {
  const query = typeQueries[verb];
  if (query === undefined) throw unknownResource(`${type} type action ${verb}`);
  return query(array, type, body);
}
