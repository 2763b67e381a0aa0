import path from 'node:path';
import type { JournalDisk, JournalFile } from '../../src/adapters/journal/disk.ts';
import type { Random } from '../../src/base/random.ts';

const SECTOR_BYTES = 512;

/** Thrown where the machine stops; nothing of the program runs after it. */
export class SimulatedCrash extends Error {
  override readonly name = 'SimulatedCrash';
}

/** A write that was not synced. */
interface Pending {
  readonly position: number;
  readonly bytes: Uint8Array;
}

/** A file: what the program reads, and what would be there after a crash. */
interface Inode {
  cached: Uint8Array;
  durable: Uint8Array;
  pending: Pending[];
}

export interface DiskFaults {
  /** The crash comes at this step (write, sync, rename, …), counted from 1; never where it is left out. */
  readonly crashAt?: number;
  /** The step that fails with EIO or ENOSPC instead. */
  readonly failAt?: number;
  readonly failCode?: 'EIO' | 'ENOSPC';
  /** One write in so many takes only a part. */
  readonly shortWriteEvery?: number;
  /** Bytes that all files together may have. */
  readonly room?: number;
}

/**
 * A disk that keeps synced and unsynced bytes apart. At a crash each sector of what was not synced is there or not, or torn, whatever was written before or
 * after it; each name of a folder that was not synced shows any of the files that it has stood for since. A sync that fails loses what waited for it, although
 * the program still reads it (the kernel marks such pages as clean).
 */
export class SimulatedDisk implements JournalDisk {
  steps = 0;
  faults: DiskFaults;
  private readonly random: Random;
  private names: Map<string, Inode>;
  /** What each name has stood for since its folder was synced; the first is durable. */
  private versions = new Map<string, (Inode | null)[]>();
  /** The machine has stopped. */
  isDown = false;

  constructor(random: Random, faults: DiskFaults = {}, names = new Map<string, Inode>()) {
    this.random = random;
    this.faults = faults;
    this.names = names;
  }

  makeFolder(): void {}

  list(folder: string): readonly string[] {
    this.assertUp();
    return [...this.names.keys()].filter((name) => path.dirname(name) === folder).map((name) => path.basename(name));
  }

  open(file: string, mode: 'create' | 'write' | 'read'): JournalFile {
    this.assertUp();
    const found = this.names.get(file);
    if (mode === 'create') {
      if (found !== undefined) throw systemError('EEXIST', 'open');
      this.step('open');
      const inode: Inode = { cached: new Uint8Array(0), durable: new Uint8Array(0), pending: [] };
      this.setName(file, inode);
      return new SimulatedFile(this, file, inode);
    }
    if (found === undefined) throw systemError('ENOENT', 'open');
    return new SimulatedFile(this, file, found);
  }

  rename(from: string, to: string): void {
    this.step('rename');
    const inode = this.names.get(from);
    if (inode === undefined) throw systemError('ENOENT', 'rename');
    this.setName(from, null);
    this.setName(to, inode);
  }

  remove(file: string): void {
    if (!this.names.has(file)) throw systemError('ENOENT', 'unlink');
    this.step('unlink');
    this.setName(file, null);
  }

  syncFolder(folder: string): void {
    this.step('fsync');
    for (const name of [...this.versions.keys()]) if (path.dirname(name) === folder) this.versions.delete(name);
  }

  lock(): () => void {
    return () => {};
  }

  /** The disk as the machine finds it when it comes up again. */
  afterCrash(faults: DiskFaults = {}): SimulatedDisk {
    this.isDown = true;
    const names = new Map(this.names);
    for (const [name, versions] of this.versions) {
      const version = versions[this.random.nextBelow(versions.length)]!;
      if (version === null) names.delete(name);
      else names.set(name, version);
    }
    const left = new Map<Inode, Inode>();
    for (const inode of names.values()) if (!left.has(inode)) left.set(inode, this.leftOf(inode));
    return new SimulatedDisk(this.random, faults, new Map([...names].map(([name, inode]) => [name, left.get(inode)!])));
  }

  /** The same disk for the next process: the machine stays up, so what was not synced can still be read, and still be lost. */
  afterKill(faults: DiskFaults = {}): this {
    this.isDown = false;
    this.steps = 0;
    this.faults = faults;
    return this;
  }

  /** A copy in which everything is durable, for looking at or damaging. */
  copy(): SimulatedDisk {
    const names = new Map<string, Inode>();
    for (const [name, { cached }] of this.names) names.set(name, { cached: cached.slice(), durable: cached.slice(), pending: [] });
    return new SimulatedDisk(this.random, {}, names);
  }

  flipBit(file: string, bit: number): void {
    const inode = this.names.get(file)!;
    for (const bytes of new Set([inode.cached, inode.durable])) bytes[bit >>> 3]! ^= 1 << (bit & 7);
  }

  truncate(file: string, length: number): void {
    const inode = this.names.get(file)!;
    inode.cached = inode.cached.slice(0, length);
  }

  bytesOf(file: string): Uint8Array {
    return this.names.get(file)!.cached;
  }

  /** Counts a step; crashes or fails where the plan says. */
  step(call: string): void {
    this.assertUp();
    this.steps += 1;
    if (this.steps === this.faults.crashAt) {
      this.isDown = true;
      throw new SimulatedCrash(`crash at step ${this.steps} (${call})`);
    }
    if (this.steps === this.faults.failAt) throw systemError(this.faults.failCode ?? 'EIO', call);
  }

  writeTo(inode: Inode, source: Uint8Array, position: number): number {
    const { shortWriteEvery, crashAt, room } = this.faults;
    const isShort = shortWriteEvery !== undefined && source.length > 1 && this.random.nextBelow(shortWriteEvery) === 0;
    // The crash comes while the write is under way: a part of it has reached the kernel.
    const isLast = this.steps + 1 === crashAt;
    const length = isShort || isLast ? 1 + this.random.nextBelow(source.length) : source.length;
    if (room !== undefined && position + length > inode.cached.length && this.used() + position + length - inode.cached.length > room)
      throw systemError('ENOSPC', 'write');
    const bytes = source.slice(0, length);
    const pending = { position, bytes };
    if (isLast) {
      inode.cached = written(inode.cached, pending);
      inode.pending.push(pending);
    }
    this.step('write');
    inode.cached = written(inode.cached, pending);
    inode.pending.push(pending);
    return length;
  }

  syncInode(inode: Inode): void {
    try {
      this.step('fdatasync');
    } catch (error) {
      // Some of it was on its way; what was not is forgotten though the program still reads it.
      inode.durable = this.leftOf(inode).durable;
      if (!(error instanceof SimulatedCrash)) inode.pending = [];
      throw error;
    }
    inode.durable = inode.pending.reduce(written, inode.durable);
    inode.pending = [];
  }

  private used(): number {
    return [...new Set(this.names.values())].reduce((sum, { cached }) => sum + cached.length, 0);
  }

  private setName(file: string, inode: Inode | null): void {
    const before = this.names.get(file) ?? null;
    const versions = this.versions.get(file) ?? [before];
    versions.push(inode);
    this.versions.set(file, versions);
    if (inode === null) this.names.delete(file);
    else this.names.set(file, inode);
  }

  private assertUp(): void {
    if (this.isDown) throw new SimulatedCrash('the machine is down');
  }

  /** What a crash leaves of a file. */
  private leftOf({ durable, pending }: Inode): Inode {
    let bytes: Uint8Array = durable.slice();
    // All or nothing are likely as well, not only a mixture of sectors.
    const share = [0, 1, 0.5, 0.9, 0.1][this.random.nextBelow(5)]!;
    for (const { position, bytes: content } of pending) {
      for (let from = 0; from < content.length; ) {
        const to = Math.min(content.length, from + SECTOR_BYTES - ((position + from) % SECTOR_BYTES));
        if (this.random.nextDouble() < share) {
          const isTorn = this.random.nextBelow(8) === 0;
          const end = isTorn ? from + this.random.nextBelow(to - from + 1) : to;
          bytes = written(bytes, { position: position + from, bytes: content.subarray(from, end) });
        }
        from = to;
      }
    }
    return { cached: bytes.slice(), durable: bytes, pending: [] };
  }
}

class SimulatedFile implements JournalFile {
  readonly path: string;
  private readonly disk: SimulatedDisk;
  private readonly inode: Inode;

  constructor(disk: SimulatedDisk, file: string, inode: Inode) {
    this.disk = disk;
    this.path = file;
    this.inode = inode;
  }

  size(): number {
    return this.inode.cached.length;
  }

  read(target: Uint8Array, position: number): number {
    const bytes = this.inode.cached.subarray(position, position + target.length);
    target.set(bytes);
    return bytes.length;
  }

  write(source: Uint8Array, start: number, length: number, position: number): number {
    return this.disk.writeTo(this.inode, source.subarray(start, start + length), position);
  }

  syncData(): void {
    this.disk.syncInode(this.inode);
  }

  sync(): void {
    this.disk.syncInode(this.inode);
  }

  async writeLater(source: Uint8Array, start: number, length: number, position: number): Promise<number> {
    return this.write(source, start, length, position);
  }

  async syncDataLater(): Promise<void> {
    this.syncData();
  }

  close(): void {}
}

/** `bytes` with a write in it, grown where it must be; zeros where nothing was written. */
function written(bytes: Uint8Array, { position, bytes: content }: Pending): Uint8Array {
  if (content.length === 0) return bytes;
  let target = bytes;
  if (position + content.length > bytes.length) {
    target = new Uint8Array(position + content.length);
    target.set(bytes);
  }
  target.set(content, position);
  return target;
}

function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: simulated, ${syscall}`), { code, syscall });
}
