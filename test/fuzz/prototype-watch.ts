const WATCHED: readonly (readonly [string, object])[] = [
  ['Object', Object.prototype],
  ['Array', Array.prototype],
  ['String', String.prototype],
  ['Number', Number.prototype],
  ['Boolean', Boolean.prototype],
  ['Function', Function.prototype],
  ['Map', Map.prototype],
  ['Set', Set.prototype],
  ['Promise', Promise.prototype],
  ['Object itself', Object],
];

/** Knows what the built-in prototypes were, and says when one is another. */
export class PrototypeWatch {
  private readonly before = WATCHED.map(
    ([, prototype]) => Object.getOwnPropertyDescriptors(prototype) as Readonly<Record<PropertyKey, PropertyDescriptor>>,
  );

  /** @returns the property that is new, gone or another; null where all are what they were */
  changed(): string | null {
    for (const [at, [name, prototype]] of WATCHED.entries()) {
      const before = this.before[at]!;
      const keys = Reflect.ownKeys(prototype);
      if (keys.length !== Reflect.ownKeys(before).length) {
        const other = keys.find((key) => !Object.hasOwn(before, key));
        return `${name}.${String(other ?? 'something')}`;
      }
      for (const key of keys) {
        const now = Object.getOwnPropertyDescriptor(prototype, key)!;
        const then = before[key];
        if (then === undefined || now.value !== then.value || now.get !== then.get || now.set !== then.set) return `${name}.${String(key)}`;
      }
    }
    return null;
  }
}
