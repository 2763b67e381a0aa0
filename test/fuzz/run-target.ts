import { inspect } from 'node:util';
import { stream } from '../../src/base/random.ts';
import { PrototypeWatch } from './prototype-watch.ts';
import { shrunk } from './shrink.ts';
import { ACCEPTED, codeOf, type FuzzInput, type FuzzRun, type FuzzTarget } from './target.ts';

/** Failures of one target after which it is not fed any further: one bug fails many inputs. */
const FAILURES_MAX = 5;
/** Resident memory of the process: beyond it an input took what no input may. */
const RESIDENT_BYTES_MAX = 2_500_000_000;
/** Inputs between two looks at the memory. */
const MEMORY_EVERY = 256;
const SHOWN_CHARACTERS = 600;

export interface FuzzOutcome {
  readonly name: string;
  readonly inputs: number;
  readonly accepted: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: readonly FoundFailure[];
  /** Milliseconds of the input that took longest, and its seed. */
  readonly slowest: { readonly ms: number; readonly seed: number };
}

export interface FoundFailure {
  /** With `--inputs 1` it is found again, unless it needs what came before it. */
  readonly seed: number;
  readonly message: string;
  readonly input: string;
}

export interface FuzzOptions {
  readonly inputs: number;
  readonly seed: number;
  /** Is told the seed of each input before it is fed. */
  readonly onInput?: (seed: number) => void;
}

/** Feeds a target. Each input is drawn from a seed of its own: the first, the next, and so on. */
export async function runTarget(target: FuzzTarget, { inputs, seed, onInput = () => {} }: FuzzOptions): Promise<FuzzOutcome> {
  const run = await target.open();
  const watch = new PrototypeWatch();
  const refused = new Map<string, number>();
  const failures: FoundFailure[] = [];
  const slowest = { ms: 0, seed };
  let accepted = 0;
  let fed = 0;
  try {
    for (; fed < inputs && failures.length < FAILURES_MAX; fed += 1) {
      const own = seed + fed;
      onInput(own);
      const input = run.generate(stream(own, target.name));
      const begin = performance.now();
      const result = await fedWith(run, input, watch);
      const ms = performance.now() - begin;
      if (ms > slowest.ms) Object.assign(slowest, { ms, seed: own });
      if ('failure' in result) failures.push(await described(run, own, input, result.failure, watch));
      else if (result.verdict === ACCEPTED) accepted += 1;
      else refused.set(result.verdict, (refused.get(result.verdict) ?? 0) + 1);
      if (fed % MEMORY_EVERY === 0 && process.memoryUsage.rss() > RESIDENT_BYTES_MAX)
        failures.push({ seed: own, message: `the process has grown to ${process.memoryUsage.rss()} bytes`, input: '' });
    }
  } finally {
    await run.close?.();
  }
  return { name: target.name, inputs: fed, accepted, refused: Object.fromEntries([...refused].sort()), failures, slowest };
}

type Fed = { readonly verdict: string } | { readonly failure: unknown };

async function fedWith(run: FuzzRun, input: FuzzInput, watch: PrototypeWatch): Promise<Fed> {
  let fed: Fed;
  try {
    const given = run.feed(input);
    fed = { verdict: typeof given === 'string' ? given : await given };
  } catch (error) {
    const code = codeOf(error);
    fed = code === null ? { failure: error } : { verdict: code };
  }
  const changed = watch.changed();
  return changed === null ? fed : { failure: new Error(`a prototype changed: ${changed}`) };
}

async function described(run: FuzzRun, seed: number, input: FuzzInput, failure: unknown, watch: PrototypeWatch): Promise<FoundFailure> {
  const like = kindOf(failure);
  const small = await shrunk(input, async (candidate) => {
    const result = await fedWith(run, candidate, watch).catch((error: unknown) => ({ failure: error }));
    return 'failure' in result && kindOf(result.failure) === like;
  });
  const text = inspect(small, { depth: 6, maxStringLength: SHOWN_CHARACTERS, maxArrayLength: 100, breakLength: 140 });
  const stack = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return { seed, message: stack.split('\n').slice(0, 6).join('\n'), input: text.slice(0, 4 * SHOWN_CHARACTERS) };
}

/** Failures are alike where they are of one class and begin alike: numbers and texts of the input differ. */
function kindOf(failure: unknown): string {
  const text = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure);
  return text.replaceAll(/["'`].*["'`]|\d+/g, '').slice(0, 40);
}
