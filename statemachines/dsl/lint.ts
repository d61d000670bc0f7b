import { controlErrors } from './define.ts';
import { neverRetried } from './retry.ts';
import { timeouts } from './timeouts.ts';

/** Any JSON object: what is linted may be hand-made, so nothing is believed of its shape. */
export type Json = Readonly<Record<string, unknown>>;

export interface Finding {
  readonly rule: string;
  /** Absent: the whole definition. */
  readonly state?: string;
  readonly message: string;
}

type StateRule = (state: Json) => readonly string[];

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
const onlyFor =
  (type: string, rule: StateRule): StateRule =>
  (state) =>
    state['Type'] === type ? rule(state) : [];
const when = (wrong: boolean, message: string): readonly string[] => (wrong ? [message] : []);

/** Every key and every text in a JSON value, at any depth. */
const words = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(words);
  return isObject(value) ? Object.entries(value).flatMap(([key, inner]) => [key, ...words(inner)]) : [];
};

const stateTypes = ['Task', 'Choice', 'Wait', 'Pass', 'Succeed', 'Fail'];
const references = [
  '$.operationId',
  '$.repair',
  '$.failure',
  '$.undoFailure',
  '$.lane',
  '$.lane.graceSeconds',
  '$.Payload.graceSeconds',
  '$$.Execution.Name',
];
const payloadKeys = ['workflow', 'phase', 'step', 'patience', 'operationId.$', 'execution.$', 'failure.$'];
const foreignKeys = ['QueryLanguage', 'Assign', 'Arguments', 'Output', 'ErrorPath', 'CausePath', 'InputPath', 'OutputPath'];

const isWhole = (value: unknown, min: number): boolean => typeof value === 'number' && Number.isInteger(value) && value >= min;
const isResultPath = (value: unknown): boolean => value === null || (typeof value === 'string' && /^\$(\.[A-Za-z]+)+$/.test(value));
const isAll = (handler: Json): boolean => texts(handler['ErrorEquals']).includes('States.ALL');
const isAloneAndLast = (handlers: readonly Json[]): boolean =>
  handlers.every((handler, index) => !isAll(handler) || (texts(handler['ErrorEquals']).length === 1 && index === handlers.length - 1));

const isPaced = (retrier: Json): boolean =>
  retrier['MaxAttempts'] === 0 ||
  (retrier['JitterStrategy'] === 'FULL' &&
    isWhole(retrier['MaxAttempts'], 1) &&
    isWhole(retrier['IntervalSeconds'], 1) &&
    Number(retrier['BackoffRate']) >= 1 &&
    (retrier['MaxDelaySeconds'] === undefined || Number(retrier['MaxDelaySeconds']) > Number(retrier['IntervalSeconds'])));

const startsWithNever = (retriers: readonly Json[]): boolean => {
  const first = retriers[0];
  return first?.['MaxAttempts'] === 0 && neverRetried.every((name) => texts(first['ErrorEquals']).includes(name));
};

const retriedControlErrors = (retriers: readonly Json[]): readonly string[] =>
  retriers
    .filter((retrier) => retrier['MaxAttempts'] !== 0)
    .flatMap((retrier) => texts(retrier['ErrorEquals']))
    .filter((name) => controlErrors.some((error) => error === name));

const payloadOf = (state: Json): Json => {
  const parameters = state['Parameters'];
  return isObject(parameters) && isObject(parameters['Payload']) ? parameters['Payload'] : {};
};

const stateRules: Readonly<Record<string, StateRule>> = {
  'state-type': (state) => when(!stateTypes.includes(String(state['Type'])), `${state['Type']} states are not used`),
  'json-path': (state) =>
    words(state)
      .filter((word) => foreignKeys.includes(word) || word.includes('{%'))
      .map((word) => `${word}: plain JSONPath only`),
  reference: (state) =>
    words(state)
      .filter((word) => word.startsWith('$') && word !== '${control}' && !references.includes(word))
      .map((word) => `${word} does not travel through the machine`),
  secret: (state) =>
    words(state)
      .filter((word) => /password|secret|token|credential/i.test(word))
      .map((word) => `${word} looks like a secret`),
  integration: onlyFor('Task', (state) => {
    const parameters = state['Parameters'];
    const isControl = isObject(parameters) && parameters['FunctionName'] === '${control}';
    return when(state['Resource'] !== 'arn:aws:states:::lambda:invoke' || !isControl, 'only lambda:invoke of ${control}');
  }),
  payload: onlyFor('Task', (state) =>
    Object.keys(payloadOf(state))
      .filter((key) => !payloadKeys.includes(key))
      .map((key) => `${key} is no field of a step's input`),
  ),
  'task-timeout': onlyFor('Task', (state) =>
    when(
      !isWhole(state['TimeoutSeconds'], timeouts.controlFunctionSeconds + 1),
      `TimeoutSeconds must exceed ${timeouts.controlFunctionSeconds}`,
    ),
  ),
  'retry-order': onlyFor('Task', (state) => {
    const retriers = objects(state['Retry']);
    const last = retriers.at(-1);
    const isOrdered = startsWithNever(retriers) && last !== undefined && isAll(last) && isAloneAndLast(retriers);
    return when(!isOrdered, 'Retry begins with what is never retried and ends with States.ALL alone');
  }),
  'retry-pace': onlyFor('Task', (state) => when(!objects(state['Retry']).every(isPaced), 'whole intervals from 1 s, FULL jitter')),
  'retry-control-error': onlyFor('Task', (state) =>
    retriedControlErrors(objects(state['Retry'])).map((name) => `${name} is decided, it is not retried`),
  ),
  'catch-order': (state) => when(!isAloneAndLast(objects(state['Catch'])), 'States.ALL is caught alone and last'),
  'result-path': (state) => {
    const paths = objects(state['Catch']).map((catcher) => catcher['ResultPath']);
    const own = state['Type'] === 'Task' || state['Type'] === 'Pass' ? [state['ResultPath']] : [];
    return when(![...paths, ...own].every(isResultPath), 'ResultPath is null or $.name, never absent');
  },
  'choice-guard': onlyFor('Choice', (state) =>
    when(
      !objects(state['Choices']).every((choice) => objects(choice['And'])[0]?.['IsPresent'] === true),
      'a choice asks IsPresent first: comparing a missing field ends the execution',
    ),
  ),
};

const stateFindings = (name: string, state: Json): readonly Finding[] => [
  ...when(!/^[A-Za-z]{1,80}$/.test(name), 'a name has at most 80 letters').map((message) => ({ rule: 'name', state: name, message })),
  ...Object.entries(stateRules).flatMap(([rule, check]) => check(state).map((message) => ({ rule, state: name, message }))),
];

const maxDefinitionBytes = 1_000_000;

/** What this build's own rules find in a definition, beyond what AWS itself refuses; empty when nothing is wrong. */
export const lint = (definition: Json): readonly Finding[] => {
  const states = isObject(definition['States']) ? definition['States'] : {};
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  const whole = [
    ...when(!isWhole(definition['TimeoutSeconds'], 1), 'a machine has TimeoutSeconds').map((message) => ({
      rule: 'machine-timeout',
      message,
    })),
    ...when(definition['QueryLanguage'] !== undefined, 'plain JSONPath only').map((message) => ({ rule: 'json-path', message })),
    ...when(bytes > maxDefinitionBytes, `${bytes} bytes exceed ${maxDefinitionBytes}`).map((message) => ({ rule: 'size', message })),
  ];
  return [...whole, ...Object.entries(states).flatMap(([name, state]) => stateFindings(name, isObject(state) ? state : {}))];
};
