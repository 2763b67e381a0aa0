/** Bundles of our sources. One scope per bundle, constants as constants: what that is for says docs/decisions/0016-one-file-program.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { ROOT } from './prepare.mjs';

const COMMON = {
  platform: 'node',
  // Packages stay outside: they are installed beside us.
  external: (id) => !id.startsWith('.') && !path.isAbsolute(id),
  tsconfig: path.join(ROOT, 'tsconfig.json'),
  optimization: { inlineConst: { mode: 'all', pass: 2 } },
  logLevel: 'warn',
};

/** The bundle lies elsewhere than its sources, so each source keeps its own address. */
const keepAddresses = {
  name: 'keep-addresses',
  load: {
    filter: { id: /\.ts$/ },
    handler(id) {
      const code = readFileSync(id, 'utf8')
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(id)))
        .replaceAll('import.meta.filename', JSON.stringify(id));
      return { code, moduleType: 'ts' };
    },
  },
};

/** One program of this repository as one module, for running it where it lies. */
export async function bundleProgram(entry, outfile) {
  const bundle = await rolldown({ ...COMMON, input: entry, plugins: [keepAddresses] });
  await bundle.write({ file: outfile, format: 'esm', sourcemap: 'inline', codeSplitting: false });
  await bundle.close();
}

/** What one command in ten needs and takes a fifth of a second to load, so it lies in a file of its own that is loaded when it is asked for. */
const DATABASE = /[\\/]src[\\/]adapters[\\/]postgres[\\/](?!database-settings)/;

/**
 * src/ to dist/: the command line and the package's entry, over one file that holds everything but the database.
 *
 * @returns {Promise<string[]>} the files that it wrote, relative to `dist`
 */
export async function bundlePackage(dist) {
  const src = path.join(ROOT, 'src');
  const entries = { 'app/main': path.join(src, 'app/main.ts'), index: path.join(src, 'index.ts') };
  const isShared = (id) => id.startsWith(src + path.sep) && !Object.values(entries).includes(id) && !DATABASE.test(id);
  const bundle = await rolldown({ ...COMMON, input: entries });
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    sourcemap: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    codeSplitting: {
      groups: [
        { name: 'program', test: isShared },
        { name: 'database', test: DATABASE },
      ],
    },
  });
  await bundle.close();
  return output.map((file) => path.normalize(file.fileName));
}
