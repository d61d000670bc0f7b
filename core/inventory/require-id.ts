import { ControlPlaneError } from '../errors.ts';
import { parseUrn, type UrnType } from '../urn.ts';

const longestShown = 80;

/** For an id in a path: 400 for what is no id, 404 for the id of something else, naming what was expected and what came. */
export const requireIdOf = (type: UrnType, id: string): void => {
  const urn = parseUrn(id);
  const wanted = `urn:storageos:${type}:<uuid>:…`;
  if (urn === undefined)
    throw new ControlPlaneError(`${JSON.stringify(id.slice(0, longestShown))} is not an id; ids look like ${wanted}`, {
      code: 'request.uriInvalid',
    });
  if (urn.type !== type)
    throw new ControlPlaneError(`an id of type ${type} (${wanted}) was expected, but ${id} is of type ${urn.type}`, {
      code: 'resource.notFound',
    });
};
