import { type Gateway, gatewayOf } from './gateway.ts';
import { logIn, logOut } from './login.ts';
import { type Context, send } from './send.ts';

/** Logs in, looks, and logs out again: nothing is trusted yet, and no session is kept. */
export const checkLogin = async <T>(context: Context, look: (gateway: Gateway) => Promise<T>): Promise<T> => {
  const session = await logIn(context);
  const { https, authorization } = session;
  try {
    return await look(gatewayOf(session, (call) => send(https, call, { context, authorization })));
  } finally {
    await logOut(session, context);
  }
};
