import type { RunInstruments } from './run-instruments.ts';
import type { StrategySlot } from '../../core/host/strategy-host.ts';
import type { StrategyClass } from '../../core/strategy/strategy.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileStrategy } from '../run-file/schema.ts';
import type { SourceBundle } from '../strategies/bundle-source.ts';
import { SHIPPED_STRATEGIES } from '../strategies/shipped.ts';

/** A strategy file that was bundled and checked. */
interface LoadedStrategyFile {
  readonly strategyClass: StrategyClass;
  readonly bundleHash: string;
  readonly name: string;
  readonly bundle: SourceBundle;
}

/** Loads a strategy from a TypeScript file; `className` where it exports several. */
export type StrategyFileLoader = (path: string, options: { readonly className?: string | undefined }) => Promise<LoadedStrategyFile>;

/** Where a strategy comes from: what is needed to have it again without its files. */
export type StrategySource =
  | { readonly kind: 'shipped'; readonly name: string }
  | { readonly kind: 'bundle'; readonly entry: string; readonly className: string; readonly bundle: SourceBundle; readonly hash: string };

interface RunStrategies {
  readonly slots: readonly StrategySlot[];
  readonly sources: readonly StrategySource[];
  /** What each is made of, for the run's identity. */
  readonly identities: readonly string[];
}

/**
 * Finds the classes that the run file names and checks their parameters.
 *
 * @throws InputError with every problem
 */
export async function runStrategies(loaded: LoadedRunFile, known: RunInstruments, loadFile: StrategyFileLoader): Promise<RunStrategies> {
  const problems: InputProblem[] = [];
  const slots: StrategySlot[] = [];
  const identities: string[] = [];
  const sources: StrategySource[] = [];
  for (const [index, strategy] of loaded.run.strategies.entries()) {
    try {
      const { strategyClass, identity, defaultName, source } = await classOf(loaded, strategy, index, loadFile);
      const name = strategy.name ?? defaultName;
      if (slots.some((slot) => slot.name === name)) {
        problems.push(
          loaded.problem('RUN_FILE_INVALID', ['strategies', index], `Two strategies are called ${name}.`, 'Give each a name: of its own.'),
        );
      }
      const { values, refusals } = resolveParameters(strategyClass.parameters ?? {}, strategy.parameters ?? {});
      for (const refusal of refusals) {
        problems.push(
          loaded.problem(
            'PARAMETER_INVALID',
            ['strategies', index, 'parameters', refusal.name],
            `${sentence(refusal.message)}`,
            parameterFix(strategyClass, refusal.name),
          ),
        );
      }
      slots.push({ name, strategyClass, parameters: values, instruments: instrumentsOf(loaded, strategy, index, known, problems) });
      sources.push(source);
      identities.push(`${identity} ${JSON.stringify(values, Object.keys(values).sort())}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return { slots, sources, identities };
}

async function classOf(
  loaded: LoadedRunFile,
  strategy: RunFileStrategy,
  index: number,
  loadFile: StrategyFileLoader,
): Promise<{
  readonly strategyClass: StrategyClass;
  readonly identity: string;
  readonly defaultName: string;
  readonly source: StrategySource;
}> {
  if ((strategy.use === undefined) === (strategy.file === undefined)) {
    const rule = strategy.use === undefined ? 'Which strategy is not said.' : 'use and file are both there.';
    throw new InputError([
      loaded.problem(
        'RUN_FILE_INVALID',
        ['strategies', index],
        rule,
        'Give use: NAME for a shipped one, or file: ./my-strategy.ts for your own.',
      ),
    ]);
  }
  if (strategy.use !== undefined) {
    const strategyClass = SHIPPED_STRATEGIES.get(strategy.use);
    if (strategyClass !== undefined) {
      const source = { kind: 'shipped', name: strategy.use } as const;
      return { strategyClass, identity: `shipped ${strategy.use}`, defaultName: strategy.use, source };
    }
    const names = [...SHIPPED_STRATEGIES.keys()];
    throw new InputError([
      loaded.problem(
        'STRATEGY_UNKNOWN',
        ['strategies', index, 'use'],
        `No shipped strategy is called ${strategy.use}.`,
        suggestion(strategy.use, names),
      ),
    ]);
  }
  const path = loaded.path(strategy.file!);
  const { strategyClass, bundleHash, name, bundle } = await loadFile(path, { className: strategy.class }).catch((error: unknown) => {
    throw error instanceof InputError ? new InputError(error.problems.map((each) => inRunFile(loaded, strategy, index, each))) : error;
  });
  const source = { kind: 'bundle', entry: path, className: name, bundle, hash: bundleHash } as const;
  return { strategyClass, identity: `bundle ${bundleHash}`, defaultName: name, source };
}

/** What is wrong with a strategy's file as a whole is told with the line of the run file that names it; a line of the file itself says more. */
function inRunFile(loaded: LoadedRunFile, strategy: RunFileStrategy, index: number, problem: InputProblem): InputProblem {
  if (problem.line !== undefined) return problem;
  const { code, rule, fix } = problem;
  const key =
    code === 'STRATEGY_CLASS_MISSING' && strategy.class !== undefined
      ? 'class'
      : code === 'STRATEGY_PARAMETERS_INVALID' && strategy.parameters !== undefined
        ? 'parameters'
        : 'file';
  return loaded.problem(code, ['strategies', index, key], `${problem.file ?? strategy.file!}: ${rule}`, fix);
}

/** `run.yaml:12`, by the class of the shipped strategy that stands there; all its places where it stands in several. */
export function shippedPlaces(loaded: LoadedRunFile): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const [index, { use }] of loaded.run.strategies.entries()) {
    const className = use === undefined ? undefined : SHIPPED_STRATEGIES.get(use)?.name;
    if (className === undefined) continue;
    const place = loaded.placeText(['strategies', index, 'use']);
    const before = places.get(className);
    places.set(className, before === undefined ? place : `${before} or ${place}`);
  }
  return places;
}

function instrumentsOf(
  loaded: LoadedRunFile,
  strategy: RunFileStrategy,
  index: number,
  known: RunInstruments,
  problems: InputProblem[],
): readonly number[] {
  if (strategy.instruments === undefined) return known.instruments.map((instrument) => instrument.index);
  return strategy.instruments.map((id, place) => {
    const found = known.indexOf(id);
    if (found < 0) {
      const ids = known.instruments.map((instrument) => instrument.id);
      problems.push(
        loaded.problem(
          'INSTRUMENT_UNKNOWN',
          ['strategies', index, 'instruments', place],
          `The run file defines no instrument ${id}.`,
          suggestion(id, ids),
        ),
      );
    }
    return found;
  });
}

function parameterFix(strategyClass: StrategyClass, name: string): string {
  const descriptors = strategyClass.parameters ?? {};
  const descriptor = Object.hasOwn(descriptors, name) ? descriptors[name] : undefined;
  return descriptor === undefined
    ? suggestion(name, Object.keys(descriptors))
    : `${name}: ${descriptor.description} Default ${JSON.stringify(descriptor.default)}.`;
}

function sentence(text: string): string {
  const start = text.charAt(0).toUpperCase() + text.slice(1);
  return start.endsWith('.') ? start : `${start}.`;
}
