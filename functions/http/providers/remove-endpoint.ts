import * as z from 'zod';
import { changed } from '../../../core/inventory/changes.ts';
import { getActive } from '../../../core/inventory/read.ts';
import { withoutEndpoint } from '../../../core/provider/endpoints.ts';
import { authorOf, conclude } from '../../../core/request.ts';
import { numberField } from '../api/fields.ts';
import { providerKind, showProvider } from '../api/physical/provider-kind.ts';
import { systemAdmins } from '../api/resource-kind.ts';
import { defineRoute } from '../route.ts';
import { checkConnection } from './check-connection.ts';
import type { ProviderPorts } from './ports.ts';
import { hostField } from './provider-fields.ts';

export const route = defineRoute({
  method: 'POST',
  path: '/vdc/storage-providers/{id}/remove-endpoint',
  function: 'providers',
  permission: systemAdmins,
  summary: 'Go to an array by its other gateways alone; they must answer',
  body: z.strictObject({ ip_address: hostField, port_number: numberField(1, 65_535) }),
  response: providerKind.body,
  status: 200,
  async handler(request, ports: ProviderPorts) {
    const provider = await getActive(ports.rows, 'system', { type: 'StorageProvider', id: request.params['id'] ?? '' });
    const patch = withoutEndpoint(provider, { host: request.body.ip_address, port: request.body.port_number });
    await checkConnection(ports, request, {
      driverType: provider.driverType,
      options: provider.options,
      connection: patch,
      as: { secretId: provider.secretName, arrayId: provider.arrayId },
    });
    const answer = await showProvider({ ...provider, ...patch }, ports);
    const writes = changed(provider, patch, { author: authorOf(ports, request) });
    return conclude(ports, request, { writes, answer, plan: { change: answer } });
  },
});
