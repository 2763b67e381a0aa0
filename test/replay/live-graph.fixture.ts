import { Strategy } from '../../src/core/strategy/strategy.ts';
import inspector from 'node:inspector';

/*
 * Compares what two live objects hold, all the way down: own properties, `#private` fields (read through the inspector's protocol, since nothing else
 * sees them), elements, entries, and who is the same object as whom.
 */

/** `skip`: not looked at. `unordered`: a map or set whose order plays no part. Else two values are compared by what the function makes of each. */
export type Exception = 'skip' | 'unordered' | ((value: never) => unknown);

/** By `Class.field`, of a plain object within a class `Class.field[].name`: why it is not compared as it is. */
export type Exceptions = Readonly<Record<string, readonly [Exception, because: string]>>;

type Fields = Map<string, unknown>;
type TypedArray = Float64Array | Int32Array;

const DIFFERENCES_MAX = 20;

/** Reads the `#private` fields of objects. Methods and accessors are left out. */
class PrivateReader {
  private readonly session = new inspector.Session();
  /** Classes that have none, nor do those above them. */
  private readonly bare = new Set<unknown>();
  private readonly world = globalThis as unknown as { subject: unknown };

  constructor() {
    this.session.connect();
  }

  of(object: object): Fields {
    const fields: Fields = new Map();
    if (this.bare.has(object.constructor)) return fields;
    this.world.subject = object;
    const { result } = this.ask<{ result: { objectId: string } }>('Runtime.evaluate', { expression: 'globalThis.subject' });
    const found = this.ask<{ privateProperties?: { name: string; value?: Remote }[] }>('Runtime.getProperties', {
      objectId: result.objectId,
      ownProperties: true,
    });
    for (const { name, value } of found.privateProperties ?? []) {
      if (value !== undefined && value.type !== 'function') fields.set(name, this.valueOf(value));
    }
    if (fields.size === 0) this.bare.add(object.constructor);
    return fields;
  }

  close(): void {
    delete (this.world as Partial<typeof this.world>).subject;
    this.session.disconnect();
  }

  private valueOf(remote: Remote): unknown {
    if (remote.objectId !== undefined) {
      const functionDeclaration = 'function () { globalThis.subject = this; }';
      this.ask('Runtime.callFunctionOn', { objectId: remote.objectId, functionDeclaration });
      return this.world.subject;
    }
    const { unserializableValue } = remote;
    if (unserializableValue === undefined) return remote.value;
    return unserializableValue.endsWith('n') ? BigInt(unserializableValue.slice(0, -1)) : Number(unserializableValue);
  }

  /** Answers come before the call returns: the session is one with its own thread. */
  private ask<T>(method: string, parameters: object): T {
    let answer: T | undefined;
    this.session.post(method, parameters, (error, result) => {
      if (error !== null) throw error;
      answer = result as T;
    });
    if (answer === undefined) throw new Error(`${method} was not answered`);
    return answer;
  }
}

interface Remote {
  readonly type: string;
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}

export class LiveGraph {
  /** Exceptions that were met. */
  readonly met = new Set<string>();
  /** Classes whose objects were compared. */
  readonly classes = new Set<string>();
  /** Objects compared so far, over all calls. */
  objectCount = 0;
  private readonly exceptions: Exceptions;
  private readonly privates = new PrivateReader();
  private twins = new Map<object, object>();
  private found: string[] = [];

  constructor(exceptions: Exceptions) {
    this.exceptions = exceptions;
  }

  /** What differs, by path; empty where nothing does. */
  differences(a: object, b: object): readonly string[] {
    this.twins = new Map();
    this.found = [];
    this.compare(a, b, '', '');
    return this.found;
  }

  close(): void {
    this.privates.close();
  }

  /** @param key what exceptions call it: see {@link Exceptions} */
  private compare(a: unknown, b: unknown, path: string, key: string): void {
    if (Object.is(a, b) || this.found.length >= DIFFERENCES_MAX) return;
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
      // What functions hold cannot be seen: they are made with their owners and hold these only.
      if (typeof a !== 'function' || typeof b !== 'function') this.tell(path, a, b);
      return;
    }
    const twin = this.twins.get(a);
    if (twin !== undefined) {
      if (twin !== b) this.found.push(`${path}: another object than elsewhere`);
      return;
    }
    this.twins.set(a, b);
    this.objectCount += 1;
    if (!isSameKind(Object.getPrototypeOf(a), Object.getPrototypeOf(b))) return void this.tell(path, a, b);
    if (ArrayBuffer.isView(a)) return this.compareColumns(a as TypedArray, b as TypedArray, path);
    if (Array.isArray(a)) return this.compareLists(a, b as unknown[], path, key);
    if (a instanceof Map) return this.compareMaps(a, b as Map<unknown, unknown>, path, key);
    if (a instanceof Set) return this.compareLists([...a], [...(b as Set<unknown>)], path, key);
    const name = (a.constructor as { readonly name: string } | undefined)?.name ?? 'Object';
    if (name !== 'Object') this.classes.add(name);
    this.compareFields(this.fieldsOf(a), this.fieldsOf(b), path, name === 'Object' ? key : name);
  }

  private compareFields(a: Fields, b: Fields, path: string, owner: string): void {
    for (const name of new Set([...a.keys(), ...b.keys()]))
      this.comparePart(a.get(name), b.get(name), `${path}.${name}`, `${owner}.${name}`);
  }

  private comparePart(a: unknown, b: unknown, path: string, key: string): void {
    const exception = this.exceptions[key]?.[0];
    if (exception !== undefined) this.met.add(key);
    if (exception === 'skip') return;
    if (typeof exception !== 'function' || a === undefined || a === null) return this.compare(a, b, path, key);
    const made = exception as (value: unknown) => unknown;
    this.compare(made(a), made(b), path, key);
  }

  /** Columns have room for more: what is not used of it holds zeros. */
  private compareColumns(a: TypedArray, b: TypedArray, path: string): void {
    const length = Math.max(a.length, b.length);
    for (let at = 0; at < length; at += 1) {
      if (Object.is(a[at] ?? 0, b[at] ?? 0) || (typeof a[0] === 'bigint' && (a[at] ?? 0n) === (b[at] ?? 0n))) continue;
      return void this.tell(`${path}[${at}]`, a[at], b[at]);
    }
  }

  private compareLists(a: readonly unknown[], b: readonly unknown[], path: string, key: string): void {
    if (a.length !== b.length) return void this.tell(`${path}.length`, a.length, b.length);
    for (let at = 0; at < a.length; at += 1) this.comparePart(a[at], b[at], `${path}[${at}]`, `${key}[]`);
  }

  private compareMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>, path: string, key: string): void {
    const isUnordered = this.exceptions[key]?.[0] === 'unordered';
    const keys = (map: ReadonlyMap<unknown, unknown>): unknown[] => (isUnordered ? [...map.keys()].sort() : [...map.keys()]);
    this.compareLists(keys(a), keys(b), `${path} keys`, key);
    for (const name of a.keys()) if (b.has(name)) this.comparePart(a.get(name), b.get(name), `${path}.get(${String(name)})`, `${key}[]`);
  }

  private fieldsOf(object: object): Fields {
    const isPlain = object.constructor === Object || object.constructor === undefined;
    const fields = isPlain ? new Map<string, unknown>() : this.privates.of(object);
    for (const name of Reflect.ownKeys(object)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, name)!;
      if ('value' in descriptor) fields.set(String(name), descriptor.value);
    }
    return fields;
  }

  private tell(path: string, a: unknown, b: unknown): void {
    this.found.push(`${path}: ${shown(a)}, loaded ${shown(b)}`);
  }
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null ? (value.constructor?.name ?? 'object') : String(value);
}

/** The same class, or one that was made anew for each owner over the same class: a strategy's guard. */
function isSameKind(a: object | null, b: object | null): boolean {
  if (a === b) return true;
  if (!(a instanceof Strategy) || !(b instanceof Strategy)) return false;
  return a.constructor.name === b.constructor.name && Object.getPrototypeOf(a) === Object.getPrototypeOf(b);
}
