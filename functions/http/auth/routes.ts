import type { Route } from '../route.ts';
import { route as login } from './login.ts';
import { route as logout } from './logout.ts';
import type { AuthPorts } from './ports.ts';

export const routes: readonly Route<AuthPorts>[] = [login, logout];
