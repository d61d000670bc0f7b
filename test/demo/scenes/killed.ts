import { changesOn } from '../accounts.ts';
import { type FastHost, startFastHost } from '../fast-host.ts';
import type { HostProcess } from '../host.ts';
import { hostFor } from '../story/provision.ts';
import { announce, type World } from '../world.ts';
import { showOnArray, showTask, theOneOnArray, withFault } from './asides.ts';
import { fastWorld, until } from './fast-world.ts';
import type { Stage } from './stage.ts';

export interface Survived {
  readonly world: World;
  readonly exportId: string;
}

interface Props {
  readonly stage: Stage;
  readonly host: HostProcess;
  readonly dataDir: string;
  readonly volumeId: string;
  /** Told at once of the host that takes over. */
  readonly onHost: (host: FastHost) => void;
}

const mappingsUnheard = async ({ arrays }: World): Promise<true | undefined> =>
  (await changesOn(arrays)).some(({ verb, reply }) => verb === 'addMappedSdc' && reply === 'hung') || undefined;

/** Ordered, accepted, and carried out by the array; then there is no host any more. The task that was answered. */
const killInMidExport = async (world: World, { host }: Props, body: Record<string, unknown>): Promise<unknown> => {
  const { api, arrays, screen } = world;
  return withFault(arrays, { match: { verb: 'addMappedSdc' }, effect: 'hang', when: 'after' }, async () => {
    const { status, body: task } = await api.post('/block/exports', body);
    if (status !== 202) throw new Error(`the export was answered ${status}: ${JSON.stringify(task)}`);
    await until('the array has mapped the volume', () => mappingsUnheard(world));
    await host.child.kill();
    screen.seen(host.child.process.signalCode === 'SIGKILL', 'killed with -9 after the array had mapped the volume, before Patina knew');
    return task;
  });
};

/** The host dies in mid-export, and another one goes on with its data folder: from here on one with an accelerated clock. */
export const killHost = async (world: World, props: Props): Promise<Survived> => {
  const { stage, volumeId } = props;
  const { id, name, initiator } = await hostFor(world, volumeId, stage.discovered);
  const { projectId: project, varrayId: varray } = stage;
  const body = { name: 'books', project, varray, type: 'Host', hosts: [id], volumes: [{ id: volumeId }] };
  await announce(world, 'export the volume', { path: '/block/exports', body });
  const task = await killInMidExport(world, props, body);
  const host = await startFastHost(props.dataDir);
  props.onHost(host);
  world.screen.line(`started again on the same data folder: ${host.url}; from here on its clock is accelerated`);
  const survived = fastWorld(world, host);
  const ended = await survived.api.finished(task);
  showTask(world, ended);
  world.screen.seen(ended.state === 'ready', `the export to ${name} ended by itself, with the task and the token of before`);
  const there = await theOneOnArray(survived, volumeId);
  showOnArray(survived, there);
  const mapped = there.listed.mappedSdcInfo?.map(({ sdcId }) => sdcId).join();
  world.screen.seen(mapped === initiator, 'the volume is mapped to that host, once');
  return { world: survived, exportId: ended.resource.id };
};
