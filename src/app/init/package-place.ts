import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_FOLDER } from '../package-folder.ts';
import { VERSION } from '../version.ts';

/** The types that an editor reads for `import … from 'quanthybrid'`: the built ones, else the sources. */
export function typesFile(): string {
  const built = path.join(PACKAGE_FOLDER, 'dist/index.d.ts');
  return existsSync(built) ? built : path.join(PACKAGE_FOLDER, 'src/index.ts');
}

/**
 * What a package.json in `root` says of quanthybrid so that `npm install` there finds it: the folder of the clone, the version where it
 * was installed from a registry, else the archive that it was installed from.
 */
export function dependencyFor(root: string, packageFolder: string = PACKAGE_FOLDER, version: string = VERSION): string {
  const modules = path.dirname(packageFolder);
  if (path.basename(modules) !== 'node_modules') return `file:${relativePath(root, packageFolder)}`;
  const archive = archiveOf(modules);
  return archive === null ? `^${version}` : `file:${relativePath(root, archive)}`;
}

/** The archive that npm installed the package from, as npm itself notes it; null for a registry or where nothing is noted. */
function archiveOf(modules: string): string | null {
  const notes = path.join(modules, '.package-lock.json');
  if (!existsSync(notes)) return null;
  const { packages } = JSON.parse(readFileSync(notes, 'utf8')) as {
    readonly packages?: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const resolved = packages?.['node_modules/quanthybrid']?.resolved;
  if (resolved === undefined || !resolved.startsWith('file:')) return null;
  const archive = path.resolve(path.dirname(modules), resolved.slice('file:'.length));
  return existsSync(archive) ? archive : null;
}

/** A path from a folder, with slashes, that starts with a point where it is not absolute. */
export function relativePath(from: string, to: string): string {
  const relative = path.relative(from, to).split(path.sep).join('/');
  return relative.startsWith('.') || path.isAbsolute(relative) ? relative : `./${relative}`;
}
