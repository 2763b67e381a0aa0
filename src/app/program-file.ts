import path from 'node:path';
import { PACKAGE_FOLDER } from './package-folder.ts';

/** Name of the variable that says which file this program runs from, where that is not the built one: our own tools set it. */
export const PROGRAM_VARIABLE = 'QUANTHYBRID_PROGRAM';

/** The file that starts this program, for starting it again in a thread. */
export function programFile(): string {
  return process.env[PROGRAM_VARIABLE] ?? path.join(PACKAGE_FOLDER, 'dist/app/main.js');
}
