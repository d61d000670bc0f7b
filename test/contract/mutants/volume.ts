import type { CommittedVolume, VolumeIdentity } from '../../../drivers/sdk/verbs.ts';
import { asDone, asItIs, asMade, type Mutant, pretend, type Session, told, unmapAll } from './mutant.ts';

const eightGib = 8 * 1024 ** 3;
const rounded = (sizeBytes: number): number => Math.max(1, Math.ceil(sizeBytes / eightGib)) * eightGib;

const always = async (session: Session, volume: VolumeIdentity): Promise<VolumeIdentity> =>
  volume.kind === 'committed' ? asItIs(session, volume) : { ...volume, notBefore: new Date(0).toISOString() };

const mapItems = async <Item, Changed>(items: readonly Item[], change: (item: Item) => Promise<Changed>): Promise<readonly Changed[]> =>
  Promise.all(items.map(change));

const makingMutants: readonly Mutant[] = [
  {
    name: 'makes a second volume when there is one',
    capability: 'volume',
    caughtBy: 'finds a volume it made, and makes no second one',
    session: (session) => ({
      ensureVolumes: async ({ items }) => {
        const answer = await session.ensureVolumes({ items });
        const [item, intent] = [answer.items[0], items[0]];
        if (item?.outcome !== 'found' || intent === undefined) return answer;
        return session.ensureVolumes({ items: [{ ...intent, name: `${intent.name.slice(0, -2)}~2` }] });
      },
    }),
  },
  {
    name: 'says that it made what it found',
    capability: 'volume',
    caughtBy: 'makes one volume of the same intent',
    session: ({ ensureVolumes }) => ({ ensureVolumes: told(ensureVolumes, asMade) }),
  },
  {
    name: 'takes a page that no array sent for the answer it waited for',
    capability: 'volume',
    caughtBy: 'makes exactly one volume when the answer is a page that no array sent, before',
    session: ({ ensureVolumes }) => ({ ensureVolumes: told(ensureVolumes, asDone) }),
  },
  {
    name: 'takes status 503 for a refusal of the array',
    capability: 'volume',
    caughtBy: 'makes exactly one volume when the answer is status 503 of something before the array, after',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: told(ensureVolumes, (item) => (item.status === 'uncertain' ? { ...item, status: 'rejected' } : item)),
    }),
  },
  {
    name: 'rounds sizes silently',
    capability: 'volume',
    caughtBy: 'refuses a size that is no multiple',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: ({ items }) => ensureVolumes({ items: items.map((item) => ({ ...item, sizeBytes: rounded(item.sizeBytes) })) }),
    }),
  },
  {
    name: 'makes everything thin',
    capability: 'volume',
    caughtBy: 'makes a volume exactly as asked',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: ({ items }) => ensureVolumes({ items: items.map((item) => ({ ...item, provisioningType: 'thin' })) }),
    }),
  },
  {
    name: 'cuts long names',
    capability: 'volume',
    caughtBy: 'refuses a name that is too long',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: ({ items }) => ensureVolumes({ items: items.map((item) => ({ ...item, name: item.name.slice(0, 31) })) }),
    }),
  },
  {
    name: 'takes a foreign volume of the planned name for its own',
    capability: 'volume',
    caughtBy: 'takes no volume of the same name with another size',
    session: ({ ensureVolumes }) => ({ ensureVolumes: told(ensureVolumes, asDone) }),
  },
  {
    name: 'loses the failure of one item',
    capability: 'volume',
    caughtBy: 'makes the rest of a batch',
    session: ({ ensureVolumes }) => ({ ensureVolumes: told(ensureVolumes, asDone) }),
  },
  {
    name: 'fails the whole batch for one item',
    capability: 'volume',
    caughtBy: 'makes the rest of a batch',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: async (request) => {
        const answer = await ensureVolumes(request);
        const failed = answer.items.find(({ status }) => status !== 'done');
        return { items: answer.items.map(({ ref }) => ({ ...failed, ref, status: failed?.status ?? 'done' })) };
      },
    }),
  },
  {
    name: 'mixes up whose answer is whose',
    capability: 'volume',
    caughtBy: 'makes a batch, each volume under its own ref',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: async ({ items }) => {
        const answer = await ensureVolumes({ items: [...items].reverse() });
        return { items: answer.items.map((item, index) => ({ ...item, ref: items[index]?.ref ?? item.ref })) };
      },
    }),
  },
  {
    name: 'takes a lost answer for success',
    capability: 'volume',
    caughtBy: 'makes exactly one volume when the answer is lost before',
    session: ({ ensureVolumes }) => ({ ensureVolumes: told(ensureVolumes, asDone) }),
  },
  {
    name: 'takes a lost answer for a refusal',
    capability: 'volume',
    caughtBy: 'makes exactly one volume when the answer is lost after',
    session: ({ ensureVolumes }) => ({
      ensureVolumes: told(ensureVolumes, (item) => (item.status === 'uncertain' ? { ...item, status: 'rejected' } : item)),
    }),
  },
  {
    name: 'reads whatever volume has the name',
    capability: 'volume',
    caughtBy: 'reads a volume that is not there',
    session: ({ readVolumes }) => ({ readVolumes: told(readVolumes, (item) => ({ ...item, status: 'rejected' })) }),
  },
];

const removingMutants: readonly Mutant[] = [
  {
    name: 'unmaps what it removes',
    capability: 'volume',
    caughtBy: 'never removes a mapped volume',
    session: (session) => ({
      ensureVolumesAbsent: async (request) => {
        for (const { volume } of request.items) if (volume.kind === 'committed') await unmapAll(session, volume);
        return session.ensureVolumesAbsent(request);
      },
    }),
  },
  ...(['name', 'size', 'pool', 'time of creation'] as const).map(
    (reason): Mutant => ({
      name: `removes a volume whose ${reason} is another`,
      capability: 'volume',
      caughtBy: `removes no volume whose ${reason}`,
      session: (session) => ({
        ensureVolumesAbsent: async ({ items }) =>
          session.ensureVolumesAbsent({
            items: await mapItems(items, async (item) => ({ ...item, volume: await always(session, item.volume) })),
          }),
      }),
    }),
  ),
  {
    name: 'removes what is older than the plan',
    capability: 'volume',
    caughtBy: 'takes back nothing that is older',
    session: (session) => ({
      ensureVolumesAbsent: async ({ items }) =>
        session.ensureVolumesAbsent({
          items: await mapItems(items, async (item) => ({ ...item, volume: await always(session, item.volume) })),
        }),
    }),
  },
  {
    name: 'says that it removed, and does not',
    capability: 'volume',
    caughtBy: 'removes a volume, and finds it removed',
    session: () => ({ ensureVolumesAbsent: pretend }),
  },
  {
    name: 'refuses to remove what is gone',
    capability: 'volume',
    caughtBy: 'removes a volume, and finds it removed',
    session: ({ ensureVolumesAbsent }) => ({
      ensureVolumesAbsent: told(ensureVolumesAbsent, (item) => (item.outcome === 'found' ? { ...item, status: 'rejected' } : item)),
    }),
  },
  {
    name: 'takes a volume that is gone for removed although another has its name',
    capability: 'volume',
    caughtBy: 'takes a volume that is gone while another has its name',
    session: ({ ensureVolumesAbsent }) => ({ ensureVolumesAbsent: told(ensureVolumesAbsent, asDone) }),
  },
];

const grownAnyway = async (session: Session, volume: CommittedVolume): Promise<CommittedVolume> => asItIs(session, volume);

const expandMutants: readonly Mutant[] = [
  {
    name: 'says that it grew, and does not',
    capability: 'volume.expand',
    caughtBy: 'grows a volume, and finds it grown',
    session: () => ({ expandVolumes: pretend }),
  },
  {
    name: 'grows to the next size that fits',
    capability: 'volume.expand',
    caughtBy: 'refuses to grow to a size',
    session: ({ expandVolumes }) => ({
      expandVolumes: ({ items }) => expandVolumes({ items: items.map((item) => ({ ...item, newSizeBytes: rounded(item.newSizeBytes) })) }),
    }),
  },
  {
    name: 'grows a volume that is not the recorded one',
    capability: 'volume.expand',
    caughtBy: 'refuses to grow a volume that is not the recorded',
    session: (session) => ({
      expandVolumes: async ({ items }) =>
        session.expandVolumes({
          items: await mapItems(items, async (item) => ({ ...item, volume: await grownAnyway(session, item.volume) })),
        }),
    }),
  },
  {
    name: 'takes a volume that is gone for grown',
    capability: 'volume.expand',
    caughtBy: 'refuses to grow a volume that is not there',
    session: ({ expandVolumes }) => ({ expandVolumes: told(expandVolumes, asDone) }),
  },
];

export const volumeMutants: readonly Mutant[] = [...makingMutants, ...removingMutants, ...expandMutants];
