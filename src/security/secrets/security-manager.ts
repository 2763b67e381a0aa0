import { randomBytes } from 'node:crypto';
import { assert } from '../../base/assert.ts';
import { Secret } from '../../base/secret.ts';
import { WorldError } from '../../ports/errors.ts';
import type { MasterKeyState, SealedSecret, SealedSecretStore, SecretBinding } from '../../ports/sealed-secret-store.ts';
import { granted, type Outcome, refused } from '../outcome.ts';
import { readKeyFile, replaceKeyFile } from './key-file.ts';
import type { KeySource } from './key-source.ts';
import { keyProblem, MasterKey } from './master-key.ts';
import { boundBytes, KEY_BYTES, openBytes, sealBytes } from './sealed-bytes.ts';

/** Records of a batch of a rotation. */
const BATCH_RECORDS = 100;
const PUT_TRIES = 20;

/** Keeps secrets sealed, for those who need no more of it. */
export type SecretKeeper = Pick<SecurityManager, 'put' | 'get' | 'remove'>;

/**
 * Seals secrets (keys of venues, secrets of second factors) and opens them. Each is encrypted under a key of its own, which the master key wraps; so a new
 * master key rewraps 32 bytes a record and never touches the secrets.
 */
export class SecurityManager {
  private readonly store: SealedSecretStore;
  private readonly file: string | null;
  private readonly keys: Map<number, MasterKey>;
  private state: MasterKeyState;

  private constructor(store: SealedSecretStore, file: string | null, keys: Map<number, MasterKey>, state: MasterKeyState) {
    this.store = store;
    this.file = file;
    this.keys = keys;
    this.state = state;
  }

  /**
   * Matches the given keys with what the store knows of them. A new key beside the one in force starts a rotation, and so does a rotation that a crash cut
   * short go on: the caller runs {@link rewrapAll}.
   *
   * @throws InputError SECRET_KEY_UNKNOWN where no given key is the one in force, so also for a retired one
   */
  static async open(store: SealedSecretStore, source: KeySource): Promise<SecurityManager> {
    const [newest, ...older] = source.keys;
    assert(newest !== undefined, 'a source has a key');
    const stored = await store.keyState();
    if (stored === null) {
      if ((await store.count()) > 0)
        throw unknownKey(source, 'cannot be checked: secrets are sealed, and what is known of their key is gone.');
      const state: MasterKeyState = { version: 1, checks: [{ version: 1, check: newest.check() }], rotatingFrom: null, revision: 1 };
      await save(store, state);
      return new SecurityManager(store, source.file, new Map([[1, newest]]), state);
    }
    const versionOf = (key: MasterKey): number | undefined => stored.checks.find(({ check }) => check === key.check())?.version;
    const known = new Map(source.keys.flatMap((key) => (versionOf(key) === undefined ? [] : [[versionOf(key)!, key] as const])));
    if (versionOf(newest) === undefined && older.some((key) => versionOf(key) === stored.version) && stored.rotatingFrom === null) {
      const manager = new SecurityManager(store, source.file, known, stored);
      await manager.beginRotation(newest);
      return manager;
    }
    const needed = stored.rotatingFrom === null ? [stored.version] : [stored.version, stored.rotatingFrom];
    if (versionOf(newest) !== stored.version || needed.some((version) => !known.has(version))) {
      const retired = versionOf(newest) !== undefined && versionOf(newest)! < (stored.rotatingFrom ?? stored.version);
      const half = stored.rotatingFrom === null ? '' : ' A rotation was cut short: it needs the new key and the one before.';
      throw unknownKey(source, retired ? `was retired; version ${stored.version} is in force.${half}` : `is not the one in force.${half}`);
    }
    return new SecurityManager(store, source.file, new Map(needed.map((version) => [version, known.get(version)!])), stored);
  }

  get masterVersion(): number {
    return this.state.version;
  }

  /** The program can write a new key by itself. */
  get canRotate(): boolean {
    return this.file !== null;
  }

  get isRotating(): boolean {
    return this.state.rotatingFrom !== null;
  }

  /** Seals the secret in the place of one with the same binding. */
  async put(binding: SecretBinding, secret: Secret): Promise<void> {
    // Somebody else may write, or a rotation begin, between the look and the write; then it is looked at again.
    for (let tries = 0; tries < PUT_TRIES; tries += 1) {
      const before = await this.store.get(binding);
      if (await this.store.put(this.sealed(binding, secret, (before?.revision ?? 0) + 1))) return;
      await this.follow();
    }
    throw new WorldError('SECRET_NOT_STORED', 'The secret was not stored: another process writes it or rotates the master key.', {
      retryable: true,
    });
  }

  /** @returns the secret, or SECRET_UNKNOWN, SECRET_KEY_RETIRED, SECRET_DAMAGED */
  async get(binding: SecretBinding): Promise<Outcome<Secret>> {
    const sealed = await this.store.get(binding);
    if (sealed === null) return refused('SECRET_UNKNOWN', 'There is no such secret.');
    let dataKey = this.unwrap(binding, sealed);
    if (!dataKey.ok && dataKey.code === 'SECRET_KEY_RETIRED' && (await this.follow())) dataKey = this.unwrap(binding, sealed);
    if (!dataKey.ok) return dataKey;
    const plain = openBytes(dataKey.value, sealed.body, boundBytes('secret', binding));
    dataKey.value.fill(0);
    return plain === null ? damaged() : granted(new Secret(plain.toString('utf8')));
  }

  remove(binding: SecretBinding): Promise<boolean> {
    return this.store.remove(binding);
  }

  /** Makes a new master key in the key file and rewraps everything under it, while secrets are read and written. */
  async rotate(): Promise<number> {
    assert(this.file !== null, 'keys of the environment are rotated by setting ENCRYPTION_KEY and ENCRYPTION_KEY_PREVIOUS');
    if (!this.isRotating) {
      const next = MasterKey.generate();
      // The file first: a crash before the store knows of the new key leaves it as a new key beside the one in force.
      replaceKeyFile(this.file, [next, this.keys.get(this.state.version)!]);
      await this.beginRotation(next);
    }
    return this.rewrapAll();
  }

  /**
   * Rewraps what is left under the version before, then retires that. Safe to be cut short anywhere and run again.
   *
   * @returns how many records were rewrapped
   * @throws WorldError SECRET_DAMAGED with the name of a record that does not open; nothing is retired then
   */
  async rewrapAll(): Promise<number> {
    const from = this.state.rotatingFrom;
    if (from === null) return 0;
    let count = 0;
    for (let vain = 0; ; ) {
      const batch = await this.store.underVersion(from, BATCH_RECORDS);
      if (batch.length === 0) break;
      const before = count;
      for (const record of batch) if (await this.rewrap(record)) count += 1;
      vain = count === before ? vain + 1 : 0;
      if (vain === PUT_TRIES)
        throw new WorldError('SECRET_NOT_STORED', 'Another process writes the same secrets or rotates too.', { retryable: true });
    }
    await this.advance({ ...this.state, rotatingFrom: null, revision: this.state.revision + 1 });
    this.keys.delete(from);
    if (this.file !== null) replaceKeyFile(this.file, [this.keys.get(this.state.version)!]);
    return count;
  }

  /** Takes over what another process has made of the master key: the command line rotates beside a server. @returns whether there was anything new */
  private async follow(): Promise<boolean> {
    const stored = await this.store.keyState();
    if (stored === null || stored.revision === this.state.revision || this.file === null) return false;
    const given = readKeyFile(this.file) ?? [];
    const needed = stored.rotatingFrom === null ? [stored.version] : [stored.version, stored.rotatingFrom];
    const keyOf = (version: number): MasterKey | undefined => {
      const check = stored.checks.find((each) => each.version === version)?.check;
      return given.find((key) => key.check() === check);
    };
    const known = needed.map((version) => [version, keyOf(version)] as const);
    if (known.some(([, key]) => key === undefined)) return false;
    this.keys.clear();
    for (const [version, key] of known) this.keys.set(version, key!);
    this.state = stored;
    return true;
  }

  private async beginRotation(next: MasterKey): Promise<void> {
    const version = this.state.version + 1;
    const checks = [...this.state.checks, { version, check: next.check() }];
    // Before the state says so, for who seals in between looks for the key of the state's version.
    this.keys.set(version, next);
    await this.advance({ version, checks, rotatingFrom: this.state.version, revision: this.state.revision + 1 });
  }

  private async advance(state: MasterKeyState): Promise<void> {
    await save(this.store, state);
    this.state = state;
  }

  /** @returns false where somebody wrote the record meanwhile; then it is under the new version, or comes again */
  private async rewrap(record: SealedSecret): Promise<boolean> {
    const dataKey = this.unwrap(record, record);
    // Left as it is, it would never open again once its version is retired; so the rotation stops here and says which.
    if (!dataKey.ok) throw unreadable(record);
    const wrappedKey = this.wrap(record, dataKey.value);
    dataKey.value.fill(0);
    return this.store.put({ ...record, masterVersion: this.state.version, wrappedKey, revision: record.revision + 1 });
  }

  private sealed(binding: SecretBinding, secret: Secret, revision: number): SealedSecret {
    const dataKey = randomBytes(KEY_BYTES);
    const body = sealBytes(dataKey, Buffer.from(secret.reveal(), 'utf8'), boundBytes('secret', binding));
    const wrappedKey = this.wrap(binding, dataKey);
    dataKey.fill(0);
    const { userId, venue, keyId } = binding;
    return { userId, venue, keyId, masterVersion: this.state.version, wrappedKey, body, revision };
  }

  private wrap(binding: SecretBinding, dataKey: Uint8Array): string {
    const version = this.state.version;
    return sealBytes(this.keys.get(version)!.bytes(), dataKey, boundBytes('key', binding, String(version)));
  }

  private unwrap(binding: SecretBinding, sealed: SealedSecret): Outcome<Buffer> {
    const version = sealed.masterVersion;
    const key = this.keys.get(version);
    if (key === undefined)
      return refused('SECRET_KEY_RETIRED', `The secret is sealed under version ${version} of the master key, which is not in force.`);
    const dataKey = openBytes(key.bytes(), sealed.wrappedKey, boundBytes('key', binding, String(version)));
    return dataKey?.length === KEY_BYTES ? granted(dataKey) : damaged();
  }
}

async function save(store: SealedSecretStore, state: MasterKeyState): Promise<void> {
  if (await store.saveKeyState(state)) return;
  throw new WorldError('SECRET_NOT_STORED', 'The state of the master key was changed by another process meanwhile.', { retryable: true });
}

function damaged(): Outcome<never> {
  return refused('SECRET_DAMAGED', 'The stored secret is not what was sealed in this place, or was sealed under another key.');
}

function unreadable({ userId, venue, keyId }: SecretBinding): WorldError {
  const what = `The secret of user ${userId} for ${venue} under ${keyId} does not open. Restore it or remove it, then rotate again.`;
  return new WorldError('SECRET_DAMAGED', what, { retryable: false });
}

function unknownKey(source: KeySource, what: string): Error {
  return keyProblem('SECRET_KEY_UNKNOWN', source.place, what);
}
