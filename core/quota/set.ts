import type { Write } from '../change.ts';
import { absent } from '../change.ts';
import { ControlPlaneError } from '../errors.ts';
import { listStubs } from '../inventory/read.ts';
import type { Project, Tenant, VirtualPool } from '../inventory/schemas.ts';
import type { Rows } from '../ports.ts';
import { type ApiPorts, authorOf, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { isUrnOf } from '../urn.ts';
import { quotaBody } from './body.ts';
import { countQuota } from './count.ts';
import { quotaEvent } from './event.ts';
import { countingKey, findQuota, findQuotas, type Quota, quotaKey, quotaRow } from './quota.ts';

export type Limited = Project | Tenant | VirtualPool;

export interface QuotaChange {
  readonly enabled: boolean;
  /** Without it the limit stays; of a quota that never had one it is 0. */
  readonly limitGb?: number | undefined;
}

const unlimited = (id: string): Quota => ({ id, state: 'off', limitGb: 0, usedBytes: 0, moves: 0, version: 0 });

const stateAfter = ({ state }: Quota, enabled: boolean): Quota['state'] => {
  if (!enabled) return 'off';
  return state === 'off' ? 'counting' : state;
};

/** What was counted of one that was off is counted anew: what came meanwhile is not in it. */
const changeWrites = (before: Quota, { state, limitGb, version }: Quota): Write[] => {
  const counting: Write =
    state === 'counting'
      ? { do: 'put', table: 'Inventory', row: { ...countingKey(before.id) } }
      : { do: 'delete', table: 'Inventory', key: countingKey(before.id) };
  const isNew = before.version === 0;
  const row = { ...before, state, limitGb, version };
  return [
    isNew
      ? { do: 'put', table: 'Inventory', row: quotaRow(row), when: absent }
      : {
          do: 'update',
          table: 'Inventory',
          key: quotaKey(before.id),
          set: { state, limitGb, version },
          remove: before.state === 'off' ? ['countableFrom'] : [],
          when: [{ attribute: 'version', is: '=', value: before.version }],
        },
    ...(state === before.state ? [] : [counting]),
  ];
};

/** The other projects of the tenant with a quota of their own. */
const otherProjects = async (rows: Rows, { id, tenantId }: Project): Promise<number> => {
  const { stubs } = await listStubs(rows, { type: 'Project', scope: tenantId });
  const quotas = await findQuotas(
    rows,
    stubs.map((stub) => stub.id).filter((other) => other !== id),
  );
  return quotas.reduce((sum, quota) => sum + (quota && quota.state !== 'off' ? quota.limitGb : 0), 0);
};

/** The quotas of projects are parts of their tenant's. Changing the tenant's makes two of them at once come one after the other. */
const withinTenant = async (rows: Rows, project: Project, limitGb: number): Promise<Write[]> => {
  const tenant = await findQuota(rows, project.tenantId);
  if (!tenant || tenant.state === 'off') return [];
  const others = await otherProjects(rows, project);
  if (others + limitGb > tenant.limitGb)
    throw new ControlPlaneError(
      `quota_gb: ${limitGb} GB with the ${others} GB of the tenant's other projects are more than the ${tenant.limitGb} GB of the tenant's quota`,
      { code: 'request.parameterInvalid' },
    );
  return [
    {
      do: 'update',
      table: 'Inventory',
      key: quotaKey(tenant.id),
      add: { version: 1 },
      when: [{ attribute: 'version', is: '=', value: tenant.version }],
    },
  ];
};

const isProject = (limited: Limited): limited is Project => isUrnOf('Project', limited.id);

const shown = ({ state, limitGb }: Quota) => ({ quotaEnabled: state !== 'off', quotaGb: limitGb });

/** How long a request counts what is there already, before it leaves the rest to the minute's tick. */
const patienceMs = 3000;

/** A count that fails or takes long is gone on with by the tick; until then orders are answered that they must wait. */
const begin = async (ports: ApiPorts, id: string): Promise<void> => {
  try {
    await countQuota(ports, id, ports.clock.now() + patienceMs);
  } catch (error) {
    ports.log.warn('what a quota has was not counted to the end; the tick does it', { id, error });
  }
};

/** Enables, changes or disables a quota. It may be less than what is used: then nothing new fits. */
export const setQuota = async (
  ports: ApiPorts,
  request: RequestContext,
  { limited, change }: { readonly limited: Limited; readonly change: QuotaChange },
): Promise<Conclusion['answer']> => {
  const before = (await findQuota(ports.rows, limited.id)) ?? unlimited(limited.id);
  const state = stateAfter(before, change.enabled);
  const limitGb = change.enabled ? (change.limitGb ?? before.limitGb) : before.limitGb;
  const after: Quota = { ...before, state, limitGb, version: before.version + 1 };
  const answer = await quotaBody(ports.rows, limited, after);
  const isSame = state === before.state && limitGb === before.limitGb;
  const within = change.enabled && !isSame && isProject(limited) ? await withinTenant(ports.rows, limited, limitGb) : [];
  const event = quotaEvent(authorOf(ports, request), limited, { before: shown(before), after: shown(after) });
  const writes = isSame ? [] : [...changeWrites(before, after), ...within, event];
  const answered = await conclude(ports, request, { writes, answer, plan: { change: answer } });
  if (!request.dryRun && state === 'counting') await begin(ports, limited.id);
  return answered;
};
