/** A number, text, truth or bigint within a saved state: how to get there, and what it is. */
export interface Leaf {
  /** Names and places from the root. */
  readonly way: readonly (string | number)[];
  /** The way with every place as `[]`: of one kind with others. */
  readonly kind: string;
  readonly value: unknown;
}

type Holder = Record<string | number, unknown>;

/** All leaves of plain data. */
export function* leavesOf(value: unknown, way: readonly (string | number)[] = [], kind = ''): Generator<Leaf> {
  if (typeof value !== 'object' || value === null) {
    yield { way, kind, value };
    return;
  }
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = value as unknown as readonly unknown[];
    for (let at = 0; at < list.length; at += 1) yield* leavesOf(list[at], [...way, at], `${kind}[]`);
    return;
  }
  for (const [name, part] of Object.entries(value)) yield* leavesOf(part, [...way, name], `${kind}.${name}`);
}

/** Changes a leaf where it stands. */
export function changeLeaf(root: unknown, { way, value }: Leaf): void {
  const last = way.at(-1)!;
  let holder = root as Holder;
  for (const step of way.slice(0, -1)) holder = holder[step] as Holder;
  holder[last] = changed(value);
}

function changed(value: unknown): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value + 1 : 17;
    case 'bigint':
      return value + 1n;
    case 'boolean':
      return !value;
    case 'string':
      return /^-?\d+$/.test(value) ? String(BigInt(value) + 1n) : `${value}?`;
    default:
      return 17;
  }
}
