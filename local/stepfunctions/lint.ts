import { awsLimits } from '../../core/limits.ts';
import { type Definition, type NamedState, type State, statesOf } from './definition.ts';

/**
 * What the interpreter would run otherwise than AWS, or not at all. Returns one sentence for each finding. It does not replace a
 * validator: whether targets exist is checked where definitions are made.
 */
export const lint = (definition: Definition): string[] => {
  const states = statesOf(definition);
  return [
    ...findings('the machine', ['QueryLanguage is not JSONPath', ![undefined, 'JSONPath'].includes(text(definition['QueryLanguage']))]),
    ...duplicates(states.map(({ name }) => name)).map((name) => `${name}: two states have this name`),
    ...states.flatMap(lintState),
  ];
};

type Check = [problem: string, found: boolean];

const findings = (where: string, ...checks: Check[]): string[] =>
  checks.filter(([, found]) => found).map(([problem]) => `${where}: ${problem}`);

const duplicates = (names: readonly string[]): string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

const lintState = ({ name, state, nested }: NamedState): string[] => [
  ...findings(
    name,
    ['its name is too long', name.length > awsLimits.executionNameCharacters],
    [`type ${state.Type} is not supported`, !(state.Type in ownChecks)],
    ['QueryLanguage is not JSONPath', ![undefined, 'JSONPath'].includes(text(state['QueryLanguage']))],
    ['Assign is not supported', 'Assign' in state],
    ['ResultPath is not null or $.name.name', !isResultPath(state['ResultPath'])],
    ['it uses a part of the context object that differs here', usesForeignContext(state)],
    ['it holds an unresolved ${…}', /\$\{/.test(JSON.stringify(withoutChildren(state)))],
    ...(ownChecks[state.Type]?.(state) ?? []),
    ...handlerChecks(state),
    [
      'inside a Map it must catch States.ALL, since a failed Map goes on starting iterations',
      nested && state.Type === 'Task' && !catchesAll(state),
    ],
  ),
];

const ownChecks: Record<string, (state: State) => Check[]> = {
  Task: (state) => [
    ['its Resource is not arn:aws:states:::lambda:invoke', state['Resource'] !== 'arn:aws:states:::lambda:invoke'],
    ['it has no TimeoutSeconds', !isWhole(state.TimeoutSeconds, 1)],
    [
      'TimeoutSecondsPath and heartbeats are not supported',
      ['TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'].some((key) => key in state),
    ],
    ['Parameters name no function', !['FunctionName', 'FunctionName.$'].some((key) => key in record(state['Parameters']))],
    [
      'only synchronous invocations are supported',
      ![undefined, 'RequestResponse'].includes(text(record(state['Parameters'])['InvocationType'])),
    ],
  ],
  Choice: () => [],
  Wait: () => [],
  Pass: (state) => [['a Result of null, false, 0 or "" is ignored here', 'Result' in state && !state['Result']]],
  Succeed: () => [],
  Fail: (state) => [['it has no Error', !('Error' in state) && !('ErrorPath' in state)]],
  Map: (state) => [
    ['it has no ItemProcessor', state.ItemProcessor === undefined],
    ['it is not inline', ![undefined, 'INLINE'].includes(text(record(state.ItemProcessor?.['ProcessorConfig'])['Mode']))],
    ['Retry of a Map is not supported', 'Retry' in state],
    ['it uses fields of a distributed Map', Object.keys(state).some((key) => /^(ItemReader|ItemBatcher|ResultWriter|Tolerated)/.test(key))],
  ],
};

const handlerChecks = (state: State): Check[] => {
  const retriers = list(state['Retry']);
  const catchers = list(state['Catch']);
  return [
    ['States.ALL must stand alone and last', [retriers, catchers].some((handlers) => !isAllLast(handlers))],
    ['States.TaskFailed is not supported', [...retriers, ...catchers].some((handler) => errorsOf(handler).includes('States.TaskFailed'))],
    ['ResultPath of a Catch is not null or $.name.name', catchers.some((catcher) => !isResultPath(catcher['ResultPath']))],
    ['a Retry has numbers that AWS refuses', !retriers.every(isRetrier)],
  ];
};

const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {});
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);
const errorsOf = (handler: Record<string, unknown>): unknown[] => (Array.isArray(handler['ErrorEquals']) ? handler['ErrorEquals'] : []);
const isWhole = (value: unknown, least: number): boolean => Number.isInteger(value) && Number(value) >= least;
const isResultPath = (path: unknown): boolean => path === undefined || path === null || /^\$(\.[A-Za-z_][\w-]*)+$/.test(String(path));

const isAllLast = (handlers: Record<string, unknown>[]): boolean =>
  handlers.every((handler, index) => {
    const errors = errorsOf(handler);
    return !errors.includes('States.ALL') || (errors.length === 1 && index === handlers.length - 1);
  });

const isRetrier = ({ IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds }: Record<string, unknown>): boolean =>
  isWhole(IntervalSeconds, 1) &&
  isWhole(MaxAttempts, 0) &&
  Number(BackoffRate) >= 1 &&
  (MaxDelaySeconds === undefined || (isWhole(MaxDelaySeconds, 1) && Number(MaxDelaySeconds) > Number(IntervalSeconds)));

const catchesAll = (state: State): boolean => list(state['Catch']).some((catcher) => errorsOf(catcher).includes('States.ALL'));

const withoutChildren = ({ ItemProcessor: _, ...state }: State) => state;

const sameEverywhere = /^\$\$\.(Execution\.(Id|Name)|StateMachine\.(Id|Name)|Map\.Item\.(Index|Value)\b.*)$/;

/** Whether a context path other than those that mean the same here and on AWS stands in the state. `$$.Map` is known in its ItemSelector only. */
const usesForeignContext = (state: State): boolean =>
  contextPaths(withoutChildren(state)).some((path) => !sameEverywhere.test(path) || (path.startsWith('$$.Map.') && state.Type !== 'Map'));

const contextPaths = (value: unknown): string[] => {
  if (typeof value === 'string') return value.match(/\$\$[\w.[\]]*/g) ?? [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(contextPaths) : [];
};
