/** `Date` as it would be if the machine's time were `now`. Dates made by it and by the real one are instances of each other. */
export const dateOn = (now: () => number, real: DateConstructor = Date): DateConstructor => {
  const date: DateConstructor = new Proxy(real, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget === date ? target : newTarget),
    apply: (target) => Reflect.construct(target, [now()]).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return date;
};
