import { ControlPlaneError } from '../../core/errors.ts';

type Request = (args: never) => Promise<unknown>;

interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}

interface Client {
  readonly middlewareStack: { add(middleware: <Next extends Request>(next: Next, context: Context) => Next, options: Placed): void };
}

interface Placed {
  readonly step: 'initialize';
  readonly name: string;
}

/** SQS has a name of its own for it. */
const refusals = ['AccessDeniedException', 'AccessDenied'];

const told = (error: unknown, { clientName = 'AWS', commandName = 'a request' }: Context): unknown => {
  if (!(error instanceof Error && refusals.includes(error.name))) return error;
  const what = `${commandName.replace(/Command$/, '')} of ${clientName.replace(/Client$/, '')}`;
  const text = `the deployment lacks the right to ${what}; the function's log names the resource, for an administrator`;
  return new ControlPlaneError(text, { code: 'deployment.rightMissing', cause: error });
};

/** A missing right is told as one, without the names that AWS gives: those are in the cause, which is for the log alone. */
export const tellingRights = <Of extends Client>(client: Of): Of => {
  const middleware = <Next extends Request>(next: Next, context: Context): Next =>
    (async (args: never) => {
      try {
        return await next(args);
      } catch (error) {
        throw told(error, context);
      }
    }) as Next;
  client.middlewareStack.add(middleware, { step: 'initialize', name: 'tellingRights' });
  return client;
};
