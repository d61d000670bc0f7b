import { setTimeout as pause } from 'node:timers/promises';
import type { Reply } from '../../support/live.ts';
import type { Action } from './actions.ts';
import type { Ground } from './estate.ts';
import { type Asked, Model, type VolumeBelief } from './model.ts';

type Task = Reply['body'];

/** Refusals that a client may meet at any moment: locked, in use, gone, no room, busy, too late to cancel. */
const allowedStatus = (status: number): boolean => (status >= 200 && status < 300) || status === 400 || status === 404 || status === 503;

const orderOf = (task: Task) => ({ taskId: task.id, startedAt: Number(task.start_time) });

const atOnce = 6;

/** Between two actions, so that a fault meets what was ordered before it as well as after. */
const breathMs = 25;

/** Plays actions against the product, several at once, and keeps the model. */
export class Play {
  readonly model = new Model();
  readonly taskIds: string[] = [];
  readonly #ground: Ground;
  readonly #underWay = new Set<Promise<void>>();
  #orders = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get orders(): number {
    return this.#orders;
  }

  /** Begins an action; waits while too many are under way. Time passes quickly only between requests, which would run out of it. */
  async begin(action: Action): Promise<void> {
    if (action.do === 'pass') {
      await this.settled();
      await this.#ground.clock.advance(action.seconds * 1000);
      return;
    }
    while (this.#underWay.size >= atOnce) await Promise.race(this.#underWay);
    const work: Promise<void> = this.#act(action).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
    await pause(breathMs);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #act(action: Action): Promise<void> {
    switch (action.do) {
      case 'create':
        return this.#create(action);
      case 'expand':
      case 'delete':
      case 'release':
        return this.#change(action);
      case 'look':
        return this.#look(action.pick);
      case 'export':
        return this.#export(action);
      case 'addToExport':
      case 'removeFromExport':
      case 'unexport':
        return this.#changeExport(action);
      case 'cancel':
        return this.#cancel(action.pick);
      case 'quota':
        return this.#limit(action);
      case 'rediscover':
        await this.#order('POST', '/vdc/storage-providers/scan');
        return undefined;
      case 'calm':
        this.#ground.calm();
        return undefined;
      case 'pass':
        return undefined;
      default:
        return this.#disturb(action);
    }
  }

  /** Sends an order; answers its tasks, none when it was refused. */
  async #order(method: string, path: string, body?: unknown): Promise<readonly Task[]> {
    this.#orders += 1;
    const reply = await this.#ground.send(method, path, body);
    if (!allowedStatus(reply.status)) this.model.complain(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    if (reply.status === 503) this.#doubt(path);
    if (reply.status !== 202) return [];
    const tasks: readonly Task[] = reply.body.task ?? [reply.body];
    this.taskIds.push(...tasks.map(({ id }) => id));
    return tasks;
  }

  /** Whether it took effect is not known. */
  #doubt(path: string): void {
    const volume = [...this.model.volumes.values()].find(({ id }) => path.includes(id));
    if (volume) volume.isUncertain = true;
  }

  async #create({ count, sizeGib }: Extract<Action, { do: 'create' }>): Promise<void> {
    const { estate } = this.#ground;
    const name = `chaos-${this.#orders}`;
    const { projectId: project, varrayId: varray, vpoolId: vpool } = estate;
    const tasks = await this.#order('POST', '/block/volumes', { name, count, size: `${sizeGib}GB`, project, varray, vpool });
    for (const task of tasks) this.model.created({ ...task.resource, sizeGib }, orderOf(task));
  }

  #volume(pick: number): VolumeBelief | undefined {
    const volumes = [...this.model.volumes.values()].filter(({ exists }) => exists !== false);
    return volumes[pick % Math.max(1, volumes.length)];
  }

  async #change({ do: what, pick, sizeGib }: Extract<Action, { do: 'expand' | 'delete' | 'release' | 'look' }>): Promise<void> {
    const volume = this.#volume(pick);
    if (!volume || what === 'look') return;
    const path = `/block/volumes/${volume.id}/${what === 'expand' ? 'expand' : 'deactivate'}`;
    const query = what === 'release' ? '?type=VIPR_ONLY' : '';
    const [task] = await this.#order('POST', `${path}${query}`, what === 'expand' ? { new_size: `${sizeGib}GB` } : undefined);
    if (!task) return;
    await this.#accepted(volume, what === 'expand' ? { ...orderOf(task), what, sizeGib } : { ...orderOf(task), what });
  }

  /** Of two orders on one volume, whose answers may come in any order, the earlier has ended. */
  async #accepted(volume: VolumeBelief, asked: Asked): Promise<void> {
    const other = volume.asked;
    const isLater = other === undefined || other.startedAt <= asked.startedAt;
    if (isLater) volume.asked = asked;
    const earlier = isLater ? other : asked;
    if (earlier) await this.learn(volume.id, earlier, 'must have ended');
  }

  /** Asks how an order ended. */
  async learn(id: string, asked: Asked, expectation?: 'must have ended'): Promise<void> {
    const { body: task } = await this.#ground.send('GET', `/vdc/tasks/${asked.taskId}`);
    const isOver = task.repair === undefined && (task.state === 'ready' || task.state === 'error');
    if (isOver) this.model.ended(id, asked, task.state);
    else if (expectation) this.model.complain(`${id}: another order was accepted while ${asked.what} (${asked.taskId}) is ${task.state}`);
  }

  async #look(pick: number): Promise<void> {
    const volume = this.#volume(pick);
    if (!volume) return;
    if (volume.asked) await this.learn(volume.id, volume.asked);
    const before = { ...volume };
    const { status, body } = await this.#ground.send('GET', `/block/volumes/${volume.id}`);
    const complaint = status === 200 ? this.model.allows(before, volume, body) : `GET of ${volume.name}: ${status}`;
    if (complaint) this.model.complain(complaint);
  }

  async #export({ picks, host }: Extract<Action, { do: 'export' }>): Promise<void> {
    const { estate, hostIds } = this.#ground;
    const volumes = [...new Set(picks.map((pick) => this.#volume(pick)?.id))].flatMap((id) => (id === undefined ? [] : [{ id }]));
    if (volumes.length === 0) return;
    const { projectId: project, varrayId: varray } = estate;
    const body = { name: `group-${this.#orders}`, project, varray, type: 'Host', hosts: [hostIds[host % hostIds.length]], volumes };
    const [task] = await this.#order('POST', '/block/exports', body);
    if (task) this.model.groups.set(task.resource.id, { id: task.resource.id, exists: undefined, isAsked: false });
  }

  async #changeExport(action: Extract<Action, { group: number }>): Promise<void> {
    const groups = [...this.model.groups.values()];
    const group = groups[action.group % Math.max(1, groups.length)];
    if (!group) return;
    if (action.do === 'unexport') {
      await this.#order('POST', `/block/exports/${group.id}/deactivate`);
      return;
    }
    const volume = this.#volume(action.pick);
    if (!volume) return;
    const changes = action.do === 'addToExport' ? { add: [{ id: volume.id }] } : { remove: [volume.id] };
    await this.#order('PUT', `/block/exports/${group.id}`, { volume_changes: changes });
  }

  async #limit({ of, quotaGb }: Extract<Action, { do: 'quota' }>): Promise<void> {
    const { vpoolId, projectId, tenantId } = this.#ground.estate;
    const path = { vpool: `/block/vpools/${vpoolId}`, project: `/projects/${projectId}`, tenant: `/tenants/${tenantId}` }[of];
    await this.#order('PUT', `${path}/quota`, { quota_enabled: quotaGb > 0, ...(quotaGb > 0 ? { quota_gb: quotaGb } : {}) });
  }

  async #cancel(pick: number): Promise<void> {
    const taskId = this.taskIds[this.taskIds.length - 1 - (pick % Math.max(1, Math.min(6, this.taskIds.length)))];
    if (taskId) await this.#order('POST', `/vdc/tasks/${taskId}/cancel`);
  }

  async #disturb(action: Extract<Action, { do: 'fail' | 'store' | 'crash' }>): Promise<void> {
    const { arrays, live, stored, functions } = this.#ground;
    if (action.do === 'fail') arrays[action.array % arrays.length]?.addFault(action.rule);
    if (action.do === 'crash') await live.host.lambdas.crash(functions[action.which]);
    if (action.do !== 'store') return;
    const { dynamodb, stepfunctions } = live.host.faults;
    const { fault, times } = action;
    if (fault === 'throttle') dynamodb.throttle({ operation: 'TransactWriteItems', times });
    if (fault === 'conflict') dynamodb.conflict({ table: stored.nameOf('Inventory'), times });
    if (fault === 'failAfter') dynamodb.failAfter({ operation: 'TransactWriteItems', times });
    if (fault === 'loseStart') stepfunctions.loseStart({ times, effect: 'before' });
  }
}
