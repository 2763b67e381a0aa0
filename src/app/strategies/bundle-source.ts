import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BuildFailure, Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import type { StrategyCode } from './check-bundle.ts';
import { writtenImports } from './written-imports.ts';
import { STRATEGY_CODES } from '../../model/codes/strategy.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';

/** A strategy's own files as one module; `quanthybrid` is left outside. */
export interface SourceBundle {
  readonly code: string;
  /** Source map, paths relative to the folder of the entry. */
  readonly map: string;
  readonly folder: string;
}

export const PACKAGE_NAME = 'quanthybrid';
const SOURCE_FILE = /\.(ts|mts|js|mjs)$/;
/** What may be left out in an import, in the order that it is tried. A `.js` may stand for the `.ts` that it is compiled from. */
const SUFFIXES = ['', '.ts', '.js', '.mts', '.mjs', '/index.ts', '/index.js'];

/** A problem as esbuild carries it from the plugin to us; esbuild adds the place. */
interface Refusal {
  readonly code: StrategyCode;
  readonly value: string;
  readonly rule: string;
  readonly fix: string;
}

/**
 * Bundles a strategy with what it imports from its own files. The user's tsconfig takes no part, and paths in the bundle are relative, so that
 * the same files give the same bytes in every folder.
 *
 * @throws InputError STRATEGY_FILE_MISSING, STRATEGY_FILE_INVALID, STRATEGY_IMPORT_REFUSED with file, line and column
 */
export async function bundleSource(file: string): Promise<SourceBundle> {
  const entry = path.resolve(file);
  const { code, fix } = { code: 'STRATEGY_FILE_MISSING', fix: STRATEGY_CODES.STRATEGY_FILE_MISSING.fix } as const;
  if (!existsSync(entry) || !statSync(entry).isFile()) throw new InputError([{ code, file: entry, rule: 'There is no such file.', fix }]);
  if (!SOURCE_FILE.test(entry)) {
    const rule = 'A strategy is a .ts or .js file.';
    throw new InputError([{ code: 'STRATEGY_FILE_INVALID', file: entry, rule, fix: 'Give the path of the source file.' }]);
  }
  const folder = path.dirname(entry);
  const ownFiles = new Set([entry]);
  const bundle = await build(entry, folder, ownFiles);
  const problems = Array.isArray(bundle) ? bundle : [];
  for (const own of ownFiles) if (/ts$/.test(own)) problems.push(...(await droppedImports(own)));
  if (Array.isArray(bundle) || problems.length > 0) throw new InputError(distinct(problems));
  return bundle;
}

/** @param ownFiles takes the files that are imported */
async function build(entry: string, folder: string, ownFiles: Set<string>): Promise<SourceBundle | InputProblem[]> {
  const esbuild = await import('esbuild');
  try {
    const { outputFiles } = await esbuild.build({
      entryPoints: [entry],
      absWorkingDir: folder,
      outfile: path.join(folder, 'strategy.js'),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'neutral',
      target: 'es2023',
      sourcemap: 'external',
      sourcesContent: false,
      tsconfigRaw: { compilerOptions: { useDefineForClassFields: true, verbatimModuleSyntax: false } },
      plugins: [ownFilesOnly(ownFiles)],
      logLevel: 'silent',
      logLimit: 0,
    });
    const output = (suffix: string): string => outputFiles.find((each) => each.path.endsWith(suffix))?.text ?? '';
    return { code: output('strategy.js'), map: output('.map'), folder };
  } catch (cause) {
    if (!isBuildFailure(cause)) throw cause;
    return cause.errors.map((message) => problemOf(message, folder, entry));
  }
}

/** What is imported from outside and not used is refused like what is used: the next edit may use it, and nobody should wonder then. */
async function droppedImports(file: string): Promise<readonly InputProblem[]> {
  const imports = await writtenImports(file);
  return imports.flatMap(({ specifier, kind, line, column }) => {
    const refusal = kind === 'require' ? refusalOfKind(specifier, 'require-call') : refusalOfOutside(specifier);
    return refusal === null ? [] : [{ ...refusal, file, line, column: String(column) }];
  });
}

/** In the order of the files; a problem of an import that is used is found twice. */
function distinct(problems: readonly InputProblem[]): readonly InputProblem[] {
  const places = problems.map(({ file, line, column, code }) => `${file ?? ''}:${line ?? ''}:${column ?? ''}:${code}`);
  const each = problems.filter((_, index) => places.indexOf(places[index]!) === index);
  const order = (a: InputProblem, b: InputProblem): number =>
    (a.line ?? 0) - (b.line ?? 0) || Number(a.column ?? 0) - Number(b.column ?? 0);
  return each.sort((a, b) => (a.file === b.file ? order(a, b) : (a.file ?? '') < (b.file ?? '') ? -1 : 1));
}

function ownFilesOnly(ownFiles: Set<string>): Plugin {
  return {
    name: 'own-files-only',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => {
        const resolved = resolveImport(args);
        if (resolved.path !== undefined && resolved.external !== true) ownFiles.add(resolved.path);
        return resolved;
      });
    },
  };
}

function resolveImport(args: OnResolveArgs): OnResolveResult {
  const { path: specifier, kind, resolveDir } = args;
  if (kind === 'entry-point') return { path: specifier };
  if (kind !== 'import-statement') return refused(refusalOfKind(specifier, kind));
  if (specifier === PACKAGE_NAME) return { path: PACKAGE_NAME, external: true };
  const outside = refusalOfOutside(specifier);
  if (outside !== null) return refused(outside);
  const wanted = path.resolve(resolveDir, specifier);
  const found = findSource(wanted);
  if (found === null)
    return refused({
      code: 'STRATEGY_FILE_MISSING',
      value: specifier,
      rule: `There is no file ${wanted}.`,
      fix: STRATEGY_CODES.STRATEGY_FILE_MISSING.fix,
    });
  if (found.split(path.sep).includes('node_modules')) return refused(importRefusal(specifier, 'A file within node_modules is a package.'));
  if (!SOURCE_FILE.test(found))
    return refused(
      importRefusal(
        specifier,
        'Only .ts and .js files are imported: a data file could hold the future.',
        'Give values as parameters in the run file, and data under data:.',
      ),
    );
  return { path: found };
}

function findSource(wanted: string): string | null {
  const asWritten = SUFFIXES.map((suffix) => wanted + suffix);
  const candidates = wanted.endsWith('.js') ? [...asWritten, wanted.replace(/\.js$/, '.ts')] : asWritten;
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile()) ?? null;
}

/** Of an import that is no plain statement. */
function refusalOfKind(specifier: string, kind: OnResolveArgs['kind']): Refusal {
  const rule = `${kind === 'dynamic-import' ? 'import()' : 'require()'} is not for strategies.`;
  return importRefusal(specifier, rule, 'Import statically: import … from.');
}

/** Of what is none of the strategy's own files; null for those, and for the package itself. */
function refusalOfOutside(specifier: string): Refusal | null {
  if (specifier === PACKAGE_NAME || /^\.{0,2}\//.test(specifier) || path.isAbsolute(specifier)) return null;
  if (specifier.startsWith(`${PACKAGE_NAME}/`))
    return importRefusal(specifier, 'The inner modules of the package are not for strategies.', `Import from '${PACKAGE_NAME}'.`);
  return importRefusal(specifier, 'Packages and Node modules are not for strategies: they can see clocks, files and the network.');
}

function importRefusal(value: string, rule: string, fix: string = STRATEGY_CODES.STRATEGY_IMPORT_REFUSED.fix): Refusal {
  return { code: 'STRATEGY_IMPORT_REFUSED', value, rule, fix };
}

function refused(detail: Refusal): OnResolveResult {
  return { errors: [{ text: detail.rule, detail }] };
}

function problemOf(message: Message, folder: string, entry: string): InputProblem {
  const { location, detail } = message;
  const place =
    location === null
      ? { file: entry }
      : { file: path.resolve(folder, location.file), line: location.line, column: String(location.column + 1) };
  if (isRefusal(detail)) return { ...detail, ...place };
  const rule = `${message.text.replace(/\.$/, '')}.`;
  return { code: 'STRATEGY_FILE_INVALID', rule, fix: STRATEGY_CODES.STRATEGY_FILE_INVALID.fix, ...place };
}

function isRefusal(detail: unknown): detail is Refusal {
  return typeof detail === 'object' && detail !== null && typeof (detail as Refusal).code === 'string';
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && Array.isArray((error as { errors?: unknown }).errors);
}
