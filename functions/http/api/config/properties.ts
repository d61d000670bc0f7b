import * as z from 'zod';
import { ControlPlaneError } from '../../../../core/errors.ts';
import { getInstallation, propertiesBody, setProperties } from '../../../../core/identity/settings.ts';
import { brakeSchema } from '../../../../core/inventory/schemas.ts';
import { parseWith } from '../../parse-with.ts';
import { defineRoute, type Route } from '../../route.ts';
import { systemAdmins } from '../resource-kind.ts';

const response = z.object({
  properties: z.object({
    operations: brakeSchema.describe('The brake over all storage providers'),
    operations_reason: z.string(),
    operations_since: z.string(),
    epoch: z.string(),
  }),
});

const writable = z.strictObject({ operations: brakeSchema.optional(), operations_reason: z.string().max(200).optional() });
const readOnly = ['epoch', 'operations_since'];

const refuseUnknown = (names: readonly string[]): void => {
  const known = Object.keys(writable.shape);
  const fixed = names.find((name) => readOnly.includes(name));
  if (fixed) throw new ControlPlaneError(`properties.${fixed}: it is read-only`, { code: 'request.parameterInvalid' });
  const unknown = names.find((name) => !known.includes(name));
  if (unknown)
    throw new ControlPlaneError(`properties.${unknown}: there is no such property; there are ${known.join(', ')}`, {
      code: 'request.parameterInvalid',
    });
};

const show = defineRoute({
  method: 'GET',
  path: '/config/properties',
  function: 'api',
  permission: systemAdmins,
  summary: 'Properties of the installation, the brake among them',
  response,
  status: 200,
  handler: async (_request, ports) => propertiesBody(await getInstallation(ports)),
});

const change = defineRoute({
  method: 'PUT',
  path: '/config/properties',
  function: 'api',
  permission: systemAdmins,
  summary: 'Set properties of the installation; operations is normal, drain or frozen',
  body: z.strictObject({ properties: z.record(z.string(), z.unknown()) }),
  response,
  status: 200,
  handler(request, ports) {
    const { properties } = request.body;
    refuseUnknown(Object.keys(properties));
    return setProperties(ports, request, parseWith(writable, properties, 'field'));
  },
});

export const propertyRoutes: readonly Route[] = [show, change];
