import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';

type Judged<T> = { readonly value: T } | { readonly error: Error };

/** Integers as a query writes them: at most as many digits as are kept exactly. */
const INTEGER = /^-?[0-9]{1,16}$/;

/**
 * Makes a check of a part of a request. What is not in the schema is refused, never taken away. In a query and a path every value is text: where the
 * schema has a whole number, digits are one.
 */
export function makeShapeCheck<T extends TSchema>(schema: T, part: string): (value: unknown) => Judged<Static<T>> {
  const check = TypeCompiler.Compile(schema);
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, { readonly type?: string }>>;
  const integers = part === 'body' ? [] : Object.keys(properties).filter((name) => properties[name]!.type === 'integer');
  return (given) => {
    const value = integers.length === 0 ? given : withIntegers(given as Readonly<Record<string, unknown>>, integers);
    if (check.Check(value)) return { value: value as Static<T> };
    const first = check.Errors(value).First();
    return { error: new Error(`${part}${first?.path ?? ''}: ${first?.message ?? 'of another form'}`) };
  };
}

function withIntegers(given: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  const read = { ...given };
  for (const name of names) {
    const text = read[name];
    if (typeof text === 'string' && INTEGER.test(text)) read[name] = Number(text);
  }
  return read;
}
