import { activeOf, type Estate, estateOf } from '../../core/doctor/estate.ts';
import { confirmed, type Examination, examine } from '../../core/doctor/examine.ts';
import type { Finding } from '../../core/doctor/finding.ts';
import { isOpen } from '../../core/doctor/operations.ts';
import { ControlPlaneError } from '../../core/errors.ts';
import { type Installation, installationKey, installationOf } from '../../core/identity/installation.ts';
import type { ExecutionState } from '../../core/ports.ts';
import { askArrays, type Unasked } from './ask-arrays.ts';
import type { DoctorPorts } from './ports.ts';

export interface Orders {
  /** Sets right what can be set right without a decision. */
  readonly repair: boolean;
  /** Asks the arrays too, by reads alone. */
  readonly arrays: boolean;
}

export interface Report {
  readonly looked: { readonly resources: number; readonly operations: number; readonly arrays: number };
  readonly findings: readonly (Finding & { readonly outcome: 'repaired' | 'changed meanwhile' | 'left' })[];
  readonly unasked: readonly Unasked[];
}

const readEstate = async ({ wholeTable }: DoctorPorts): Promise<Estate> =>
  estateOf({
    inventory: await wholeTable('Inventory'),
    tasks: await wholeTable('Tasks'),
    coordination: await wholeTable('Coordination'),
  });

const executionsOf = async ({ workflows }: DoctorPorts, { operations }: Estate): Promise<Map<string, ExecutionState>> => {
  const states = new Map<string, ExecutionState>();
  for (const { id, workflow, owner } of [...operations.values()].filter(isOpen)) states.set(id, await workflows.state(workflow, owner));
  return states;
};

const installationIn = ({ rows }: Estate): Installation | undefined => {
  const row = rows.inventory.find(({ pk, sk }) => pk === installationKey.pk && sk === installationKey.sk);
  return row && installationOf(row);
};

interface Look {
  readonly examination: Examination;
  readonly findings: readonly Finding[];
  readonly unasked: readonly Unasked[];
}

/** The arrays are read before the store: what is made in between is under way in the store, or not yet known to the first look. */
const look = async (ports: DoctorPorts, orders: Orders): Promise<Look> => {
  const before = await readEstate(ports);
  const mark = installationIn(before)?.mark;
  const providers = orders.arrays && mark !== undefined ? activeOf(before, 'StorageProvider') : [];
  const { views, unasked } = await askArrays(ports, providers, mark ?? '');
  const estate = providers.length > 0 ? await readEstate(ports) : before;
  const nowMs = ports.clock.now();
  const moment = { nowMs, epoch: installationIn(estate)?.epoch ?? 1, executions: await executionsOf(ports, estate) };
  const author = { actor: 'doctor', at: new Date(nowMs).toISOString(), ulid: () => ports.ids.ulid() };
  const examination = { estate, moment, author, arrays: views };
  return { examination, findings: examine(examination), unasked };
};

const treat = async ({ rows }: DoctorPorts, { repair }: Finding, orders: Orders): Promise<Report['findings'][number]['outcome']> => {
  if (!repair || !orders.repair) return 'left';
  try {
    await rows.transact(repair.writes);
    return 'repaired';
  } catch (error) {
    if (error instanceof ControlPlaneError && error.code === 'resource.changed') return 'changed meanwhile';
    throw error;
  }
};

/** Looks at store and arrays, looks again at what seems wrong, and repairs what it was told to. */
export const visit = async (ports: DoctorPorts, orders: Orders): Promise<Report> => {
  const first = await look(ports, orders);
  const second = first.findings.length > 0 ? await look(ports, orders) : first;
  const findings: Report['findings'][number][] = [];
  for (const finding of confirmed(first.findings, second.findings))
    findings.push({ ...finding, outcome: await treat(ports, finding, orders) });
  const { estate, arrays } = second.examination;
  const looked = { resources: estate.resources.size, operations: estate.operations.size, arrays: arrays.length };
  return { looked, findings, unasked: second.unasked };
};
