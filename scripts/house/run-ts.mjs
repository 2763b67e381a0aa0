import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, ROOT } from './prepare.mjs';

/** The bundle lies elsewhere than its sources, so each source keeps its own address. */
const keepAddresses = {
  name: 'keep-addresses',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
      const contents = readFileSync(file, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
        .replaceAll('import.meta.filename', JSON.stringify(file));
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Runs a TypeScript program in this process, since Node 20 cannot: one bundle of our sources, packages left outside.
 * The program sees its arguments in `process.argv` from index 2, and sets the exit status by `process.exitCode`.
 *
 * @param entry path from the root of the repository
 */
export async function runTypeScript(entry, programArguments) {
  const esbuild = await import('esbuild');
  const file = path.join(ROOT, entry);
  const bundle = path.join(CACHE, 'run', `${entry.replace(/\W+/g, '-')}-${process.pid}.mjs`);
  const result = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'inline',
    plugins: [keepAddresses],
    logLevel: 'error',
    outfile: bundle,
  });
  // Else its helper process lives as long as ours, and takes part in what a benchmark measures.
  await esbuild.stop();
  mkdirSync(path.dirname(bundle), { recursive: true });
  writeFileSync(bundle, result.outputFiles[0].contents);
  process.on('exit', () => rmSync(bundle, { force: true }));
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...programArguments];
  return import(pathToFileURL(bundle).href);
}
