/** What may be true of a volume, by what was asked and answered. */
export interface VolumeBelief {
  readonly id: string;
  readonly name: string;
  /** Undefined while its creation is under way. */
  exists: boolean | undefined;
  /** Its record is given up while the array keeps it. */
  isReleased: boolean;
  sizeGib: number;
  /** Of an order that has not ended. */
  asked: Asked | undefined;
  /** The answer to an order was lost with the store's: nothing can be said of it any more but by the doctor. */
  isUncertain?: true;
}

interface Order {
  readonly taskId: string;
  /** As the task tells it, in milliseconds. */
  readonly startedAt: number;
}

export type Asked = Order & ({ readonly what: 'create' | 'delete' | 'release' } | { readonly what: 'expand'; readonly sizeGib: number });

export interface GroupBelief {
  readonly id: string;
  exists: boolean | undefined;
  isAsked: boolean;
}

export interface Volume {
  readonly inactive: boolean;
  readonly provisioned_capacity_gb: string;
}

/** Two orders on one volume are one after the other: the second is accepted only when the first has ended. */
export class Model {
  readonly volumes = new Map<string, VolumeBelief>();
  readonly groups = new Map<string, GroupBelief>();
  readonly complaints: string[] = [];

  created(volume: Pick<VolumeBelief, 'id' | 'name' | 'sizeGib'>, order: Order): void {
    this.volumes.set(volume.id, { ...volume, exists: undefined, isReleased: false, asked: { ...order, what: 'create' } });
  }

  complain(what: string): void {
    this.complaints.push(what);
  }

  /** How an order on a volume ended. What was refused by the array has no effect; what was not looked up by the end is no end. */
  ended(id: string, asked: Asked, state: 'ready' | 'error'): void {
    const volume = this.volumes.get(id);
    if (!volume) return;
    if (volume.asked?.taskId === asked.taskId) volume.asked = undefined;
    if (asked.what === 'create') volume.exists = state === 'ready';
    if (state !== 'ready') return;
    if (asked.what === 'expand') volume.sizeGib = Math.max(volume.sizeGib, asked.sizeGib);
    if (asked.what === 'delete' || asked.what === 'release') volume.exists = false;
    if (asked.what === 'release') volume.isReleased = true;
  }

  /** Whether an answer about a volume may be given, by what is known before it was asked for and after it came. */
  allows(before: VolumeBelief, after: VolumeBelief, answer: Volume): string | undefined {
    if (after.isUncertain) return undefined;
    const isIdle = before.asked === undefined && after.asked === undefined && before.exists === after.exists;
    if (!isIdle || before.sizeGib !== after.sizeGib || before.exists === undefined) return undefined;
    if (answer.inactive === before.exists) return `${before.name} is ${answer.inactive ? 'gone' : 'there'}, and should be the contrary`;
    const size = Number(answer.provisioned_capacity_gb);
    return before.exists && size !== before.sizeGib ? `${before.name} has ${size} GiB instead of ${before.sizeGib}` : undefined;
  }
}
