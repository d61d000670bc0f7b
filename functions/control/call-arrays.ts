import { installationKey, installationOf } from '../../core/identity/installation.ts';
import { isOtherStore, otherStoreReason } from '../../core/identity/store-name.ts';
import { changed } from '../../core/inventory/changes.ts';
import { findResource } from '../../core/inventory/read.ts';
import { fromRow, resourceKey } from '../../core/inventory/resource.ts';
import { providerSchema, type StorageProvider } from '../../core/inventory/schemas.ts';
import { brakeText, isFrozen } from '../../core/operation/brake.ts';
import type { Operation } from '../../core/operation/schema.ts';
import type { ArrayCall, StepAnswers } from '../../core/operation/steps.ts';
import { driverRequest } from '../../core/provider/driver-request.ts';
import { DriverError, type DriverFailure } from '../../drivers/sdk/errors.ts';
import { settle } from '../../drivers/sdk/settle.ts';
import type { BatchAnswer, ItemAnswer } from '../../drivers/sdk/verbs.ts';
import { ControlError, FrozenError } from './control-error.ts';
import type { ControlPorts } from './ports.ts';
import { withSlot } from './slots.ts';

/** What is left of this invocation after the driver's answer: time to store it. */
const reserveMs = 15_000;

const readingVerbs = ['readVolumes', 'readExports', 'readInventory', 'identify'];

const asError = (failure: DriverFailure): DriverError =>
  new DriverError(failure.message, {
    outcome: failure.name,
    code: failure.code as DriverError['code'],
    nativeCode: failure.nativeCode,
    nativeMessage: failure.nativeMessage,
    facts: failure.facts,
  });

export const getProvider = async (ports: ControlPorts, providerId: string): Promise<StorageProvider> => {
  const provider = await findResource(ports.rows, 'system', { type: 'StorageProvider', id: providerId });
  if (!provider || provider.inactive) throw new ControlError('Refused', `the storage provider ${providerId} is gone`);
  return provider;
};

/** Another array behind a known address: nothing more is sent there until an administrator has looked. */
const freeze = async (ports: ControlPorts, provider: StorageProvider, reason: string): Promise<void> => {
  ports.count('ArrayIdentityChanged');
  const author = { actor: 'control', at: new Date(ports.clock.now()).toISOString(), ulid: () => ports.ids.ulid() };
  await ports.rows.transact(changed(provider, { operations: 'frozen', brakeReason: reason, brakeSince: author.at }, { author }));
};

/** Both brakes, read together at the last moment. */
const requireMoving = async (ports: ControlPorts, providerId: string, { state }: Operation): Promise<void> => {
  const [ours, theirs] = await ports.rows.getMany('Inventory', [installationKey, resourceKey(providerId)]);
  const installation = ours && installationOf(ours);
  const direction = state === 'undoing' ? 'undo' : 'forward';
  if (installation && isOtherStore(installation, ports.storeName)) throw new FrozenError(otherStoreReason, direction);
  const frozen = [installation, theirs && fromRow(providerSchema, theirs)].find(isFrozen);
  if (frozen) throw new FrozenError(brakeText(frozen), direction);
};

export interface DriverCall {
  readonly verb: string;
  readonly input: unknown;
}

/** One call of a verb at one array, through the brake and a slot. */
export const callDriver = async (
  ports: ControlPorts,
  provider: StorageProvider,
  call: DriverCall & { readonly operation: Operation },
): Promise<unknown> => {
  const declaration = ports.declarationOf(provider.driverType);
  const holder = `${call.operation.owner}/${ports.ids.uuid()}`;
  const slot = { arrayId: provider.arrayId, operationId: call.operation.id, holder, limit: declaration.maxConcurrentOperations };
  const answer = await withSlot(ports, slot, async () => {
    if (!readingVerbs.includes(call.verb)) await requireMoving(ports, provider.id, call.operation);
    const { verb, input, operation } = call;
    const { correlationId } = operation;
    const request = driverRequest(provider, { verb, input, correlationId, deadline: ports.deadline() - reserveMs });
    return ports.drivers.call(provider.driverType, request);
  });
  if (answer.error) {
    if (answer.error.code === 'array.identityChanged') await freeze(ports, provider, answer.error.message);
    throw asError(answer.error);
  }
  return answer.output;
};

/** What a person reads of items that failed. */
const sentence = (items: StepAnswers): string =>
  items
    .flatMap((item) => (item.error ? [item.error.message] : []))
    .filter((text, n, all) => all.indexOf(text) === n)
    .slice(0, 3)
    .join('; ');

const settled = (items: StepAnswers, some: 'all-or-nothing' | 'report'): StepAnswers => {
  try {
    return settle({ items }, some);
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    const { code, nativeCode, nativeMessage, facts } = error;
    const text = sentence(items) || 'the array has not finished';
    throw new DriverError(text, { outcome: error.name, code, nativeCode, nativeMessage, facts, cause: error });
  }
};

const answerItems = (output: unknown): readonly ItemAnswer<unknown>[] => {
  const { items, operation } = output as BatchAnswer<unknown>;
  return operation ? items.map((item) => (item.status === 'done' ? { ...item, status: 'inProgress' } : item)) : items;
};

/** All calls of a step, one for each array and side by side, settled into one verdict. */
export const callArrays = async (
  ports: ControlPorts,
  calls: readonly ArrayCall[],
  options: { readonly operation: Operation; readonly some: 'all-or-nothing' | 'report' },
): Promise<StepAnswers> => {
  const outputs = await Promise.allSettled(
    calls.map(async (call) => callDriver(ports, await getProvider(ports, call.providerId), { ...call, operation: options.operation })),
  );
  const items = outputs.flatMap((output) => (output.status === 'fulfilled' ? answerItems(output.value) : []));
  const failed = outputs.find((output) => output.status === 'rejected');
  if (failed) throw failed.reason;
  return settled(items, options.some);
};
