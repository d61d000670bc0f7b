import * as z from 'zod';
import { DriverError } from '../sdk/errors.ts';
import type { Gateway } from './gateway.ts';
import { idWire, windowWire } from './wire.ts';

export type StatisticsType = 'Volume' | 'VTree' | 'StoragePool' | 'ProtectionDomain' | 'Sds' | 'Sdc';

/** Figures of one object by their names. */
export type Figures = Readonly<Record<string, unknown>>;

/** By object id. */
export type Selection = ReadonlyMap<string, Figures>;

const selectionWire = z.record(idWire, z.record(z.string(), z.unknown()));

const isUnknownProperty = (error: unknown): boolean =>
  error instanceof DriverError &&
  error.name === 'DriverRejected' &&
  ['request.invalid', 'array.refused', 'object.missing'].includes(error.code);

const merge = (one: Selection, other: Selection): Selection =>
  new Map([...new Set([...one.keys(), ...other.keys()])].map((id) => [id, { ...one.get(id), ...other.get(id) }]));

const halves = <T>(items: readonly T[]): readonly [readonly T[], readonly T[]] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

interface Question {
  gateway: Gateway;
  type: StatisticsType;
  /** What this release is known not to have. */
  lacking: Set<string>;
}

const ask = async ({ gateway, type }: Question, properties: readonly string[]): Promise<Selection> => {
  const path = `/api/types/${type}/instances/action/querySelectedStatistics`;
  return new Map(Object.entries(await gateway.ask(selectionWire, path, { properties, allIds: '' })));
};

/** One unknown property makes the array refuse them all; it is found by halving. */
const narrowDown = async (question: Question, properties: readonly string[]): Promise<Selection> => {
  if (properties.length === 0) return new Map();
  try {
    return await ask(question, properties);
  } catch (error) {
    if (!isUnknownProperty(error)) throw error;
  }
  const [only = '', ...more] = properties;
  if (more.length === 0) {
    question.lacking.add(only);
    return new Map();
  }
  const [one, other] = halves(properties);
  return merge(await narrowDown(question, one), await narrowDown(question, other));
};

/**
 * All objects of a type in one call. Properties that the release lacks are left out; finding them costs some calls, once in a session.
 */
export const selectStatistics = async (gateway: Gateway, type: StatisticsType, properties: readonly string[]): Promise<Selection> => {
  const lacking = await gateway.facts.once(`lacking ${type}`, async () => new Set<string>());
  return narrowDown(
    { gateway, type, lacking },
    properties.filter((property) => !lacking.has(property)),
  );
};

export const numberOf = (figures: Figures | undefined, name: string): number | undefined => {
  const value = figures?.[name];
  return typeof value === 'number' ? value : undefined;
};

/** Undefined where the release lacks it. */
export const windowOf = (figures: Figures | undefined, name: string) => windowWire.safeParse(figures?.[name]).data;
