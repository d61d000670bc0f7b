import type { Route } from '../route.ts';
import { route as createProvider } from './create-provider.ts';
import { route as deactivateProvider } from './deactivate-provider.ts';
import type { ProviderPorts } from './ports.ts';
import { route as removeEndpoint } from './remove-endpoint.ts';
import { route as updateProvider } from './update-provider.ts';

export const routes: readonly Route<ProviderPorts>[] = [createProvider, updateProvider, deactivateProvider, removeEndpoint];
