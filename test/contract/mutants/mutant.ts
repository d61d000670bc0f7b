import type { Capability, VerbsOf } from '../../../drivers/sdk/capability-verbs.ts';
import type { Driver, DriverContext } from '../../../drivers/sdk/driver.ts';
import type { BatchAnswer, CommittedVolume, IdentityVerbs, ItemAnswer } from '../../../drivers/sdk/verbs.ts';

export type Session = IdentityVerbs & VerbsOf<Capability>;

/** One promise broken, and the case that must notice. */
export interface Mutant {
  /** What the driver does wrong. */
  name: string;
  /** Of the case. */
  capability: Capability | 'identity';
  /** The beginning of the case's name. */
  caughtBy: string;
  apiVersion?: '2.5' | '4.5';
  session?: (session: Session, context: DriverContext<unknown>) => Partial<Session>;
  driver?: (driver: Driver) => Partial<Driver>;
}

export const mutated = (driver: Driver, { session, driver: change }: Mutant): Driver => {
  const open: Driver['open'] = async (context) => {
    const whole = (await driver.open(context)) as Session;
    return { ...whole, ...session?.(whole, context) };
  };
  const withSession = { ...driver, open };
  return { ...withSession, ...change?.(withSession) };
};

type Verb<Request, Observed> = (request: Request) => Promise<BatchAnswer<Observed>>;

/** The verb, each of whose answers is told otherwise. */
export const told =
  <Request, Observed>(
    verb: Verb<Request, Observed>,
    change: (item: ItemAnswer<Observed>) => ItemAnswer<Observed>,
  ): Verb<Request, Observed> =>
  async (request) => {
    const answer = await verb(request);
    return { ...answer, items: answer.items.map(change) };
  };

export const asDone = <Observed>(item: ItemAnswer<Observed>): ItemAnswer<Observed> => {
  const { error: _error, ...rest } = item;
  return { ...rest, status: 'done', outcome: item.outcome ?? 'found' };
};

export const asMade = <Observed>(item: ItemAnswer<Observed>): ItemAnswer<Observed> =>
  item.status === 'done' ? { ...item, outcome: 'made' } : item;

/** Answers that everything asked for has been done, and does nothing. */
export const pretend = async ({ items }: { items: readonly { ref: string }[] }): Promise<BatchAnswer<never>> => ({
  items: items.map(({ ref }) => ({ ref, status: 'done', outcome: 'made' })),
});

/** The volume as it is now, so that whatever was recorded of it always fits. */
export const asItIs = async (session: Session, volume: CommittedVolume): Promise<CommittedVolume> => {
  const { items } = await session.readVolumes({ items: [{ ref: 'look', volume }] });
  const observed = items[0]?.observed;
  if (observed === undefined) return volume;
  const { name, createdAt, sizeBytes, poolNativeId } = observed;
  return { ...volume, expectedName: name, createdAt, sizeBytes, poolNativeId };
};

export const unmapAll = async (session: Session, volume: CommittedVolume): Promise<void> => {
  const { items } = await session.readExports({ items: [{ ref: 'look', volume }] });
  const pairs = (items[0]?.observed?.mappings ?? []).map(({ initiatorType, initiatorId }, index) => ({
    ref: `p${index}`,
    volume,
    initiator: { type: initiatorType, id: initiatorId },
  }));
  await session.ensureExportsAbsent({ items: pairs });
};
