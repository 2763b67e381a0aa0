import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { BuildFailure, Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import type { StrategyCode } from './check-bundle.ts';
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
      plugins: [ownFilesOnly()],
      logLevel: 'silent',
      logLimit: 0,
    });
    const output = (suffix: string): string => outputFiles.find((each) => each.path.endsWith(suffix))?.text ?? '';
    return { code: output('strategy.js'), map: output('.map'), folder };
  } catch (cause) {
    if (!isBuildFailure(cause)) throw cause;
    throw new InputError(cause.errors.map((message) => problemOf(message, folder, entry)));
  }
}

function ownFilesOnly(): Plugin {
  return {
    name: 'own-files-only',
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) => resolveImport(args));
    },
  };
}

function resolveImport(args: OnResolveArgs): OnResolveResult {
  const { path: specifier, kind, resolveDir } = args;
  if (kind === 'entry-point') return { path: specifier };
  if (kind !== 'import-statement')
    return refused(
      'STRATEGY_IMPORT_REFUSED',
      specifier,
      `${kind === 'dynamic-import' ? 'import()' : 'require()'} is not for strategies.`,
      'Import statically: import … from.',
    );
  if (specifier === PACKAGE_NAME) return { path: PACKAGE_NAME, external: true };
  if (specifier.startsWith(`${PACKAGE_NAME}/`))
    return refused(
      'STRATEGY_IMPORT_REFUSED',
      specifier,
      'The inner modules of the package are not for strategies.',
      `Import from '${PACKAGE_NAME}'.`,
    );
  if (!/^\.{0,2}\//.test(specifier) && !path.isAbsolute(specifier))
    return refused(
      'STRATEGY_IMPORT_REFUSED',
      specifier,
      'Packages and Node modules are not for strategies: they can see clocks, files and the network.',
      STRATEGY_CODES.STRATEGY_IMPORT_REFUSED.fix,
    );
  const wanted = path.resolve(resolveDir, specifier);
  const found = findSource(wanted);
  if (found === null)
    return refused('STRATEGY_FILE_MISSING', specifier, `There is no file ${wanted}.`, STRATEGY_CODES.STRATEGY_FILE_MISSING.fix);
  if (found.split(path.sep).includes('node_modules'))
    return refused(
      'STRATEGY_IMPORT_REFUSED',
      specifier,
      'A file within node_modules is a package.',
      STRATEGY_CODES.STRATEGY_IMPORT_REFUSED.fix,
    );
  if (!SOURCE_FILE.test(found))
    return refused(
      'STRATEGY_IMPORT_REFUSED',
      specifier,
      'Only .ts and .js files are imported: a data file could hold the future.',
      'Give values as parameters in the run file, and data under data:.',
    );
  return { path: found };
}

function findSource(wanted: string): string | null {
  const asWritten = SUFFIXES.map((suffix) => wanted + suffix);
  const candidates = wanted.endsWith('.js') ? [...asWritten, wanted.replace(/\.js$/, '.ts')] : asWritten;
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile()) ?? null;
}

function refused(code: StrategyCode, value: string, rule: string, fix: string): OnResolveResult {
  const detail: Refusal = { code, value, rule, fix };
  return { errors: [{ text: rule, detail }] };
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
