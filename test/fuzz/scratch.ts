import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** In memory where the system has such a place: a hundred thousand files are written here. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder whose files are written anew for each input. */
export class Scratch {
  readonly folder = mkdtempSync(path.join(PLACE, 'quanthybrid-fuzz-'));

  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  makeFolder(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
