import { hexId } from './body.ts';
import { type RefusalSymbol, refuse, unknownResource } from './errors.ts';
import type { Json } from './json.ts';
import type { ArrayState } from './model.ts';
import { type ApiVersion, atLeast } from './versions.ts';

type Run<T> = (array: ArrayState, item: T, body: Json) => unknown;

export interface Action<T> {
  since?: ApiVersion;
  run: Run<T>;
}

export interface FamilyDefinition<T extends { id: string }> {
  type: string;
  since?: ApiVersion;
  /** The last version that has it. */
  until?: ApiVersion;
  /** What the gateway says when an id is unknown. */
  missing: RefusalSymbol;
  /** Ids of another form than 16 hex digits. */
  readId?(id: string): string;
  items(array: ArrayState): readonly T[];
  find(array: ArrayState, id: string): T | undefined;
  view(array: ArrayState, item: T): Json;
  statistics?(array: ArrayState, item: T): Json;
  relationships?: Record<string, (array: ArrayState, item: T) => unknown>;
  actions?: Record<string, Action<T>>;
  create?(array: ArrayState, body: Json): Json;
  /** Finds by the keys that `queryIdByKey` takes. */
  byKey?(array: ArrayState, body: Json): T | undefined;
}

/** One type of object as the URL grammar sees it. */
export interface Family {
  readonly type: string;
  isIn(version: ApiVersion): boolean;
  list(array: ArrayState): Json[];
  read(array: ArrayState, id: string): Json;
  statistics(array: ArrayState, id: string): Json;
  statisticsOfAll(array: ArrayState): Record<string, Json>;
  relate(array: ArrayState, at: { id: string; relationship: string }): unknown;
  act(array: ArrayState, at: { id: string; verb: string }, body: Json): unknown;
  create(array: ArrayState, body: Json): Json;
  idByKey(array: ArrayState, body: Json): string;
  idByName(array: ArrayState, name: string): string | undefined;
}

function createFinder<T extends { id: string }>(definition: FamilyDefinition<T>) {
  return (array: ArrayState, id: string): T => {
    const item = definition.find(array, (definition.readId ?? hexId)(id));
    if (item === undefined) throw refuse(definition.missing);
    return item;
  };
}

function statisticsOf<T extends { id: string }>(definition: FamilyDefinition<T>, array: ArrayState, item: T): Json {
  if (definition.statistics === undefined) throw unknownResource(`${definition.type} statistics`);
  return definition.statistics(array, item);
}

function actionOf<T extends { id: string }>(definition: FamilyDefinition<T>, array: ArrayState, verb: string): Run<T> {
  const action = definition.actions?.[verb];
  if (action === undefined || !atLeast(array.version, action.since ?? '2.5')) throw unknownResource(`${definition.type} action ${verb}`);
  return action.run;
}

export function defineFamily<T extends { id: string }>(definition: FamilyDefinition<T>): Family {
  const get = createFinder(definition);
  return {
    type: definition.type,
    isIn: (version) => atLeast(version, definition.since ?? '2.5') && atLeast(definition.until ?? version, version),
    list: (array) => definition.items(array).map((item) => definition.view(array, item)),
    read: (array, id) => definition.view(array, get(array, id)),
    statistics: (array, id) => statisticsOf(definition, array, get(array, id)),
    statisticsOfAll: (array) => Object.fromEntries(definition.items(array).map((item) => [item.id, statisticsOf(definition, array, item)])),
    relate(array, { id, relationship }) {
      if (relationship === 'Statistics') return statisticsOf(definition, array, get(array, id));
      const relate = definition.relationships?.[relationship];
      if (relate === undefined) throw unknownResource(`${definition.type} relationship ${relationship}`);
      return relate(array, get(array, id));
    },
    act: (array, { id, verb }, body) => actionOf(definition, array, verb)(array, get(array, id), body) ?? {},
    create(array, body) {
      if (definition.create === undefined) throw unknownResource(`creation of ${definition.type}`);
      return definition.create(array, body);
    },
    idByName: (array, name) => definition.byKey?.(array, { name })?.id,
    idByKey(array, body) {
      const item = definition.byKey?.(array, body);
      if (item === undefined) throw refuse(atLeast(array.version, '4.5') ? definition.missing : 'NOT_FOUND');
      return item.id;
    },
  };
}
