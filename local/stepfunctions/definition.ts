import * as z from 'zod';

/** The parts of an ASL definition that the host itself looks at; the interpreter reads the rest. */
const stateSchema = z.looseObject({
  Type: z.string(),
  TimeoutSeconds: z.number().optional(),
  get ItemProcessor() {
    return definitionSchema.optional();
  },
});

export const definitionSchema = z.looseObject({
  StartAt: z.string(),
  TimeoutSeconds: z.number().optional(),
  States: z.record(z.string(), stateSchema),
});

export type State = z.infer<typeof stateSchema>;
export type Definition = z.infer<typeof definitionSchema>;

export interface NamedState {
  name: string;
  state: State;
  /** Inside a Map. */
  nested: boolean;
}

/** All states, also those inside Maps. */
export const statesOf = (definition: Definition, nested = false): NamedState[] =>
  Object.entries(definition.States).flatMap(([name, state]) => [
    { name, state, nested },
    ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor, true)),
  ]);

/** Longer than any execution: timeouts are kept by the host, which writes them to the history, and not by the interpreter. */
const NEVER_SECONDS = 10 * 365 * 86_400;

const withoutTimeout = (state: State): State => ({
  ...state,
  ...(state.Type === 'Task' && { TimeoutSeconds: NEVER_SECONDS }),
  ...(state.ItemProcessor !== undefined && { ItemProcessor: withoutTimeouts(state.ItemProcessor) }),
});

/** What the interpreter is given. */
export const withoutTimeouts = ({ TimeoutSeconds: _, ...definition }: Definition): Definition => ({
  ...definition,
  States: Object.fromEntries(Object.entries(definition.States).map(([name, state]) => [name, withoutTimeout(state)])),
});
