import type { Route } from '../../route.ts';
import { epochRoutes } from './epoch.ts';
import { propertyRoutes } from './properties.ts';
import { queueRoutes } from './queues.ts';

export const configRoutes: readonly Route[] = [...propertyRoutes, ...epochRoutes, ...queueRoutes];
