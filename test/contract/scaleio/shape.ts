const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const typeOf = (value: unknown) => {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
};

/** Field path → the JSON types seen there. Elements of arrays share `[]`; links are told apart by their relation. */
export type Shape = Map<string, Set<string>>;

function visitLinks(shape: Shape, path: string, links: readonly unknown[]): void {
  for (const link of links) {
    if (isObject(link)) note(shape, `${path}<${String(link['rel'])}>`, typeof link['href']);
  }
}

function note(shape: Shape, path: string, type: string): void {
  shape.set(path, (shape.get(path) ?? new Set()).add(type));
}

function visitElements(shape: Shape, path: string, elements: readonly unknown[]): void {
  if (path.endsWith('links')) visitLinks(shape, path, elements);
  else for (const element of elements) visit(shape, `${path}[]`, element);
}

function visit(shape: Shape, path: string, value: unknown): void {
  note(shape, path, typeOf(value));
  if (Array.isArray(value)) visitElements(shape, path, value);
  if (isObject(value)) for (const [key, inner] of Object.entries(value)) visit(shape, `${path}.${key}`, inner);
}

export function shapeOf(value: unknown): Shape {
  const shape: Shape = new Map();
  visit(shape, '', value);
  return shape;
}

const isNull = (shape: Shape, path: string) => {
  const types = shape.get(path);
  return types?.has('null') === true && types.size === 1;
};

/** Below something that was only ever null or an empty list nothing is known. */
function isUnknown(shape: Shape, path: string): boolean {
  const parents = [...path.matchAll(/\.|\[\]|</g)].map((match) => path.slice(0, match.index));
  return parents.some((parent) => isNull(shape, parent) || (shape.get(parent)?.has('array') === true && !hasElements(shape, parent)));
}

const hasElements = (shape: Shape, path: string) =>
  [...shape.keys()].some((key) => key.startsWith(`${path}[]`) || key.startsWith(`${path}<`));

const isExcepted = (exceptions: readonly string[], path: string) =>
  exceptions.some((field) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`));

export interface Exceptions {
  /** Paths the answer has and the recording has not. */
  adds: readonly string[];
  /** Paths the recording has and the answer has not. */
  lacks: readonly string[];
  /** Paths that may be null although the recording has a value. */
  nullable?: readonly string[];
}

/** What tells the answer from the recording, as sentences. A null in the recording allows any type; a null in the answer needs one. */
export function differences(recording: unknown, answer: unknown, { adds, lacks, nullable = [] }: Exceptions): string[] {
  const recorded = shapeOf(recording);
  const answered = shapeOf(answer);
  const missing = [...recorded.keys()].filter((path) => !answered.has(path) && !isUnknown(answered, path) && !isExcepted(lacks, path));
  const extra = [...answered.keys()].filter((path) => !recorded.has(path) && !isUnknown(recorded, path) && !isExcepted(adds, path));
  const mistyped = [...answered].filter(([path, types]) => {
    const allowed = recorded.get(path);
    return (
      allowed !== undefined &&
      !allowed.has('null') &&
      [...types].some((type) => !allowed.has(type) && !(type === 'null' && nullable.includes(path)))
    );
  });
  const unneeded = [...adds.filter((path) => !answered.has(path) || recorded.has(path)), ...lacks.filter((path) => !recorded.has(path))];
  return [
    ...missing.map((path) => `${path} is missing`),
    ...extra.map((path) => `${path} is not in the recording`),
    ...mistyped.map(
      ([path, types]) => `${path} is ${[...types].join(' or ')}, recorded as ${[...(recorded.get(path) ?? [])].join(' or ')}`,
    ),
    ...unneeded.map((path) => `${path} is listed as an exception without need`),
  ];
}
