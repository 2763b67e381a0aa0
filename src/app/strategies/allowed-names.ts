/**
 * What a strategy may name. Law 3 by permission: a global that is on no list is refused, so that a new one of the platform
 * is not a hole. `CALLABLE` may be called, constructed, extended and read (`Math.floor`), but not passed on or written to: two strategies would
 * meet there.
 */
export const VALUES: ReadonlySet<string> = new Set(['undefined', 'NaN', 'Infinity']);

/** Functions that are handed to `map` and `filter`. */
export const PLAIN_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['Number', 'String', 'Boolean', 'BigInt', 'parseFloat', 'parseInt', 'isFinite', 'isNaN'],
]);

export const CALLABLE: ReadonlySet<string> = new Set([
  ...['Math', 'Object', 'Array', 'Map', 'Set', 'WeakMap', 'WeakSet', 'Symbol', 'JSON', 'RegExp', 'Iterator'],
  ...['Error', 'RangeError', 'TypeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError'],
  ...['ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
  ...['encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI'],
]);

const TIME = 'is a clock; the time is this.now, or tsInit of the event';
const CHANCE = 'draws chance that no other run repeats; take a seed as a parameter and compute from it';
const TIMER = 'is a timer of the machine; use this.setTimer(name, at) and onTimer';
const ASYNC = 'runs later than the event; handlers are synchronous';
const WORLD = 'reaches the machine, its files or the network; what a strategy knows comes from events and parameters';
const SHARED = 'is shared by everything in the process; keep state in fields of the class';
const CODE = 'makes code from text, which cannot be checked; write the code itself';
const LOCALE = "depends on the machine's locale data; format with toFixed or String";
const COLLECTOR = 'depends on when memory is collected';
const OUTPUT = 'writes past the run; use this.log(message) or this.warn(message)';
const REFLECTION = 'reaches behind objects; use their methods and fields';

/** Global names with the reason why not. */
export const REFUSED: Readonly<Record<string, string>> = {
  Date: TIME,
  performance: TIME,
  Temporal: TIME,
  PerformanceObserver: TIME,
  crypto: CHANCE,
  Crypto: CHANCE,
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  clearTimeout: TIMER,
  clearInterval: TIMER,
  clearImmediate: TIMER,
  queueMicrotask: TIMER,
  requestAnimationFrame: TIMER,
  Promise: ASYNC,
  Atomics: ASYNC,
  SharedArrayBuffer: ASYNC,
  Worker: ASYNC,
  MessageChannel: ASYNC,
  BroadcastChannel: ASYNC,
  AbortController: ASYNC,
  EventTarget: ASYNC,
  process: WORLD,
  require: WORLD,
  module: WORLD,
  exports: WORLD,
  Buffer: WORLD,
  __dirname: WORLD,
  __filename: WORLD,
  navigator: WORLD,
  fetch: WORLD,
  WebSocket: WORLD,
  XMLHttpRequest: WORLD,
  EventSource: WORLD,
  localStorage: WORLD,
  document: WORLD,
  URL: WORLD,
  WebAssembly: WORLD,
  globalThis: SHARED,
  global: SHARED,
  window: SHARED,
  self: SHARED,
  Function: CODE,
  Intl: LOCALE,
  WeakRef: COLLECTOR,
  FinalizationRegistry: COLLECTOR,
  console: OUTPUT,
  Reflect: REFLECTION,
  Proxy: REFLECTION,
};

/** Refused wherever it stands; cannot be shadowed in strict code. */
export const REFUSED_EVAL = CODE;

const LEADS_OUT = 'leads out of your own objects to what everything in the process shares';
/** Property names, refused on every object, also when computed. */
export const REFUSED_PROPERTIES: Readonly<Record<string, string>> = {
  constructor: LEADS_OUT,
  prototype: LEADS_OUT,
  ['__proto__']: LEADS_OUT,
  getPrototypeOf: LEADS_OUT,
  setPrototypeOf: LEADS_OUT,
  defineProperty: LEADS_OUT,
  defineProperties: LEADS_OUT,
  getOwnPropertyDescriptor: LEADS_OUT,
  getOwnPropertyDescriptors: LEADS_OUT,
  __defineGetter__: LEADS_OUT,
  __defineSetter__: LEADS_OUT,
  __lookupGetter__: LEADS_OUT,
  __lookupSetter__: LEADS_OUT,
  prepareStackTrace: LEADS_OUT,
  captureStackTrace: LEADS_OUT,
  stackTraceLimit: LEADS_OUT,
  stack: 'tells where the program lies on this machine, and differs from run to run; give a field of your own another name',
  callee: LEADS_OUT,
  caller: LEADS_OUT,
  localeCompare: LOCALE,
  toLocaleString: LOCALE,
  toLocaleUpperCase: LOCALE,
  toLocaleLowerCase: LOCALE,
  toLocaleDateString: LOCALE,
  toLocaleTimeString: LOCALE,
};

export const RANDOM_REASON = CHANCE;
