import type { StateMachine } from 'aws-local-stepfunctions';
import { type Definition, definitionSchema, type NamedState, statesOf, withoutTimeouts } from './definition.ts';
import type { Interpreter, MachineDefinition } from './interpreter.ts';
import { lint } from './lint.ts';

/** A state machine of the template. */
export interface MachineSpec {
  name: string;
  arn: string;
  /** Parsed Amazon States Language. */
  definition: unknown;
  /** Access key id of its role. */
  key: string;
  roleArn: string;
}

export interface Machine extends Omit<MachineSpec, 'definition'> {
  definition: Definition;
  states: readonly NamedState[];
  /** The machine, beginning at a state; at its first one if none is named. */
  startingAt(state?: string): StateMachine;
}

/** Refuses a definition that this host would run otherwise than AWS does. */
export const prepareMachine = (interpreter: Interpreter, spec: MachineSpec): Machine => {
  const definition = definitionSchema.parse(spec.definition);
  const problems = lint(definition);
  if (problems.length > 0) throw new Error(`state machine ${spec.name} cannot run here:\n${problems.join('\n')}`);
  const runnable = withoutTimeouts(definition);
  const machines = new Map<string, StateMachine>();
  return { ...spec, definition, states: statesOf(definition), startingAt: (state = definition.StartAt) => cached(machines, state, build) };

  function build(StartAt: string): StateMachine {
    const asl = { ...runnable, StartAt } as MachineDefinition;
    return new interpreter.StateMachine(asl, { validationOptions: { noValidate: true } });
  }
};

const cached = <Value>(values: Map<string, Value>, key: string, make: (key: string) => Value): Value => {
  const value = values.get(key) ?? make(key);
  values.set(key, value);
  return value;
};
