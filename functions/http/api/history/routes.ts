import type { Route } from '../../route.ts';
import { route as dayHistory } from './day-history.ts';
import { route as operationHistory } from './operation-history.ts';
import { route as verifyHistory } from './verify-history.ts';

export const historyRoutes: readonly Route[] = [dayHistory, operationHistory, verifyHistory];
