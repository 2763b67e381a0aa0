/** Moves a column into a larger one. */
export function grown<T extends Float64Array | Int32Array | Uint8Array | Int8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
