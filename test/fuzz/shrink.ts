import type { FuzzInput } from './target.ts';

/** Tries of one failure at most: a smaller one is convenient, not needed. */
const TRIES_MAX = 400;

/**
 * Makes a failing input smaller as long as it fails: pieces of texts, bytes and lists and fields of objects are taken out, numbers become 0.
 *
 * @param fails whether an input still fails the same way
 */
export async function shrunk(input: FuzzInput, fails: (input: FuzzInput) => Promise<boolean>): Promise<FuzzInput> {
  let best = input;
  let tries = 0;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const candidate of smallerThan(best)) {
      tries += 1;
      if (tries > TRIES_MAX) return best;
      if (!(await fails(candidate))) continue;
      best = candidate;
      isSmaller = true;
      break;
    }
  }
  return best;
}

/** What is a step smaller, large steps first. */
function* smallerThan(input: FuzzInput): Generator<FuzzInput> {
  if (typeof input === 'string') yield* withoutPieces(input.length, (from, to) => input.slice(0, from) + input.slice(to));
  else if (input instanceof Uint8Array)
    yield* withoutPieces(input.length, (from, to) => Buffer.concat([input.subarray(0, from), input.subarray(to)]));
  else if (Array.isArray(input)) {
    yield* withoutPieces(input.length, (from, to) => [...input.slice(0, from), ...input.slice(to)]);
    for (const [at, item] of input.entries()) for (const smaller of smallerThan(item)) yield input.with(at, smaller);
  } else if (typeof input === 'number' && input !== 0) yield 0;
  else if (typeof input === 'object' && input !== null) {
    const fields = Object.entries(input);
    for (const [name, value] of fields)
      for (const smaller of smallerThan(value)) yield Object.fromEntries(fields.map((each) => (each[0] === name ? [name, smaller] : each)));
  }
}

function* withoutPieces<T>(length: number, without: (from: number, to: number) => T): Generator<T> {
  for (let size = length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < length; from += size) yield without(from, Math.min(length, from + size));
  }
}
