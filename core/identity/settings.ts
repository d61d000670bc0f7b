import { ControlPlaneError } from '../errors.ts';
import { type BrakeOrder, brakePatch } from '../operation/brake.ts';
import { type ApiPorts, authorOf, type Conclusion, conclude, type RequestContext } from '../request.ts';
import { type Installation, installationWrites, readInstallation } from './installation.ts';

/** The installation, for whoever sets or reads its properties. */
export const getInstallation = async ({ rows }: Pick<ApiPorts, 'rows'>): Promise<Installation> => {
  const installation = await readInstallation(rows);
  if (!installation) throw new ControlPlaneError('the installation is not set up; log in once', { code: 'resource.notFound' });
  return installation;
};

/** As CoprHD shows properties: texts by name. */
export const propertiesBody = ({ operations, brakeReason, brakeSince, epoch }: Installation) => ({
  properties: {
    operations,
    operations_reason: brakeReason ?? '',
    operations_since: brakeSince ?? '',
    epoch: String(epoch),
  },
});

/** Sets the brake over all storage providers. */
export const setProperties = async (ports: ApiPorts, request: RequestContext, order: BrakeOrder): Promise<Conclusion['answer']> => {
  const installation = await getInstallation(ports);
  const author = authorOf(ports, request);
  const patch = brakePatch(installation, order, author.at);
  const answer = propertiesBody({ ...installation, ...patch });
  return conclude(ports, request, { writes: installationWrites(installation, patch, author), answer, plan: answer });
};

/**
 * Begins a new epoch, frozen: no operation accepted before is started or carried on by itself any more. What an operator does after the
 * store was restored or copied.
 */
export const beginEpoch = async (ports: ApiPorts, request: RequestContext): Promise<Conclusion['answer']> => {
  const installation = await getInstallation(ports);
  const author = authorOf(ports, request);
  const epoch = installation.epoch + 1;
  const patch = { epoch, ...brakePatch(installation, { operations: 'frozen', operations_reason: `epoch ${epoch} was begun` }, author.at) };
  const answer = { epoch, operations: 'frozen' };
  return conclude(ports, request, { writes: installationWrites(installation, patch, author), answer, plan: answer });
};
