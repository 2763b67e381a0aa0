import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, type Program } from 'acorn';
import { bundleSource, PACKAGE_NAME, type SourceBundle } from './bundle-source.ts';
import { checkBundle, type Finding, type StrategyCode } from './check-bundle.ts';
import { descriptorProblems } from './check-parameters.ts';
import { API_NAMES, evaluateBundle, prepareBundle } from './evaluate-bundle.ts';
import { BundleMap } from './source-map.ts';
import { rememberBundle, strategyPlace } from './strategy-stack.ts';
import { Strategy, type StrategyClass } from '../../core/strategy/strategy.ts';
import { STRATEGY_CODES } from '../../model/codes/strategy.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';

export interface LoadedStrategy {
  readonly strategyClass: StrategyClass;
  /** Of the class. */
  readonly name: string;
  /** SHA-256 of the bundle: the same source files give the same hash in every folder. */
  readonly bundleHash: string;
  /** The file as written. */
  readonly sourceText: string;
  readonly bundle: SourceBundle;
}

/**
 * Loads a user's strategy from any folder: bundles it, holds it to law 3, evaluates it here, and picks the class.
 * Each call evaluates anew, so two loads share nothing.
 *
 * @param options.className which of several exported strategies
 * @throws InputError with a STRATEGY_… code, file, line, column and fix
 */
export async function loadStrategyFile(file: string, options: { readonly className?: string | undefined } = {}): Promise<LoadedStrategy> {
  const entry = path.resolve(file);
  const bundle = await bundleSource(entry);
  return { ...loadStrategyBundle(bundle, entry, options), bundle, sourceText: readFileSync(entry, 'utf8') };
}

/** As {@link loadStrategyFile}, of files that were bundled before. @param entry what the file is called in messages */
export function loadStrategyBundle(
  bundle: SourceBundle,
  entry: string,
  options: { readonly className?: string | undefined } = {},
): Pick<LoadedStrategy, 'strategyClass' | 'name' | 'bundleHash'> {
  const bundleHash = createHash('sha256').update(bundle.code).digest('hex');
  const map = new BundleMap(bundle.code, bundle.map, bundle.folder);
  const program = parseBundle(bundle, entry);
  const { findings, computedKeys } = checkBundle(program);
  const problems = [...findings, ...importFindings(program)].flatMap((finding) => problemOf(finding, map));
  if (problems.length > 0) throw new InputError(distinct(problems));
  const prepared = prepareBundle(bundle.code, program, computedKeys);
  const fileName = rememberBundle(`${bundleHash.slice(0, 12)}/${path.basename(entry)}`, prepared, map);
  const exported = evaluate(() => evaluateBundle(prepared, fileName), entry);
  const strategyClass = choose(exported, options.className, entry);
  checkParameters(strategyClass, entry);
  return { strategyClass, name: strategyClass.name, bundleHash };
}

/** The bundle has been parsed by esbuild already: what acorn still refuses is newer than what runs here. */
function parseBundle(bundle: SourceBundle, entry: string): Program {
  try {
    return parse(bundle.code, { ecmaVersion: 'latest', sourceType: 'module' });
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new InputError([
      { code: 'STRATEGY_FILE_INVALID', file: entry, rule: `${cause.message}.`, fix: 'Write it in the syntax of ECMAScript 2023.' },
    ]);
  }
}

/** Names that the package does not have, and CommonJS in disguise. */
function importFindings(program: Program): readonly Finding[] {
  const findings: Finding[] = [];
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') continue;
      const isDefault = specifier.type === 'ImportDefaultSpecifier';
      const name = isDefault
        ? 'default'
        : specifier.imported.type === 'Identifier'
          ? specifier.imported.name
          : String(specifier.imported.value);
      if (API_NAMES.includes(name)) continue;
      const rule = `${PACKAGE_NAME} has no ${name === 'default' ? 'default export' : `"${name}"`}; it has ${API_NAMES.join(', ')}.`;
      findings.push({ code: 'STRATEGY_IMPORT_REFUSED', start: specifier.start, value: name, rule });
    }
  }
  return findings;
}

/** A finding in the bundler's own lines (it declares exports by Object.defineProperty) is none of the user's. */
function problemOf({ code, start, value, rule }: Finding, map: BundleMap): readonly InputProblem[] {
  const place = map.placeOf(start);
  if (place === null) return [];
  return [{ code, file: place.file, line: place.line, column: String(place.column), value, rule, fix: STRATEGY_CODES[code].fix }];
}

function distinct(problems: readonly InputProblem[]): readonly InputProblem[] {
  const seen = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...seen.values()];
}

function evaluate(run: () => Readonly<Record<string, unknown>>, entry: string): Readonly<Record<string, unknown>> {
  try {
    return run();
  } catch (cause) {
    const place = strategyPlace(cause);
    throw problem('STRATEGY_LOAD_FAILED', place?.file ?? entry, `It threw while it was loaded: ${String(cause)}.`, place?.line);
  }
}

function choose(exported: Readonly<Record<string, unknown>>, className: string | undefined, entry: string): StrategyClass {
  const found = new Map<StrategyClass, string>();
  for (const [name, value] of Object.entries(exported))
    if (isStrategyClass(value)) found.set(value, name === 'default' ? value.name : name);
  const names = [...found.values()].join(', ');
  if (className !== undefined) {
    const named = [...found].find(([strategyClass, name]) => name === className || strategyClass.name === className);
    if (named !== undefined) return named[0];
    throw problem('STRATEGY_CLASS_MISSING', entry, `It exports no strategy "${className}"; it exports ${names === '' ? 'none' : names}.`);
  }
  if (found.size === 1) return [...found.keys()][0]!;
  if (found.size === 0) throw problem('STRATEGY_CLASS_MISSING', entry, 'It exports no class that extends Strategy.');
  throw problem('STRATEGY_CLASS_AMBIGUOUS', entry, `It exports several strategies: ${names}.`);
}

function isStrategyClass(value: unknown): value is StrategyClass {
  return typeof value === 'function' && value.prototype instanceof Strategy;
}

function checkParameters(strategyClass: StrategyClass, entry: string): void {
  const code = 'STRATEGY_PARAMETERS_INVALID';
  const problems = descriptorProblems(strategyClass.parameters ?? {});
  if (problems.length > 0) throw new InputError(problems.map((rule) => ({ code, file: entry, rule, fix: STRATEGY_CODES[code].fix })));
}

function problem(code: StrategyCode, file: string, rule: string, line?: number): InputError {
  return new InputError([{ code, file, rule, fix: STRATEGY_CODES[code].fix, ...(line === undefined ? {} : { line }) }]);
}
