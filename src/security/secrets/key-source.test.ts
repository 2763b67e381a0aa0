import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../ports/errors.ts';
import { findMasterKeys } from './key-source.ts';
import { MasterKey } from './master-key.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!.code;
    throw error;
  }
  return 'nothing was thrown';
}

describe('the master key', () => {
  it('is read from hexadecimal digits, base64 and base64url, and is the same key', () => {
    const bytes = randomBytes(32);
    const texts = [
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      ` ${bytes.toString('hex')}\n`,
    ];
    for (const text of texts) expect(Buffer.from(MasterKey.parse(text, 'test').bytes())).toEqual(bytes);
  });

  it.each([
    ['empty', ''],
    ['31 bytes', randomBytes(31).toString('hex')],
    ['33 bytes', randomBytes(33).toString('base64')],
    ['a password', 'correct horse battery staple'],
  ])('SEC-33: %s is malformed', (_, text) => {
    expect(codeOf(() => MasterKey.parse(text, 'test'))).toBe('SECRET_KEY_MALFORMED');
  });

  it.each([
    ['zeros', '00'.repeat(32)],
    ['one byte over and over', 'ab'.repeat(32)],
    ['the sample 0123456789abcdef over and over', '0123456789abcdef'.repeat(4)],
    ['deadbeef over and over', 'deadbeef'.repeat(8)],
    ['the sequence 00 to 1f', Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('hex')],
    ['a falling sequence', Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - 3 * i)).toString('base64')],
    ['a text in base64', Buffer.from('abcdefghijklmnopqrstuvwxyz012345').toString('base64')],
    ['letters taken for base64', 'A'.repeat(43)],
  ])('SEC-33: %s is weak, and its text is not in the message', (_, text) => {
    expect(codeOf(() => MasterKey.parse(text, 'test'))).toBe('SECRET_KEY_WEAK');
    expect(() => MasterKey.parse(text, 'test')).not.toThrow(text.slice(0, 12));
  });

  it('SEC-33: of ten thousand random keys none is called weak', () => {
    for (let i = 0; i < 10_000; i += 1) MasterKey.parse(randomBytes(32).toString('hex'), 'test');
  });
});

describe('where the master key is found', () => {
  it('the environment comes before the file, the newest key first', () => {
    const [current, previous] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
    const found = findMasterKeys({ ENCRYPTION_KEY: current, ENCRYPTION_KEY_PREVIOUS: previous }, path.join(folder, 'unused'), 5);
    expect(found.keys.map((key) => key.toHex())).toEqual([current, previous]);
    expect([found.file, found.warning]).toEqual([null, null]);
  });

  it('SEC-33: a weak key in the environment is refused, and the file is not looked at instead', () => {
    expect(codeOf(() => findMasterKeys({ ENCRYPTION_KEY: '00'.repeat(32) }, path.join(folder, 'unused'), 0))).toBe('SECRET_KEY_WEAK');
    expect(codeOf(() => findMasterKeys({ ENCRYPTION_KEY: '' }, path.join(folder, 'unused'), 0))).toBe('SECRET_KEY_MALFORMED');
  });

  it('SEC-33: at the first start a file is made that only its owner can read, with a warning; the next start finds the same key', () => {
    const file = path.join(folder, 'made/master.key');
    const first = findMasterKeys({}, file, 0);
    expect(first.warning).toContain(file);
    expect(first.warning).not.toContain(first.keys[0]!.toHex());
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = findMasterKeys({}, file, 3);
    expect(second.warning).toBeNull();
    expect(second.keys[0]!.toHex()).toBe(first.keys[0]!.toHex());
    expect(readFileSync(file, 'utf8')).toContain(first.keys[0]!.toHex());
  });

  it('SEC-33: without a key, and with secrets sealed, nothing is made and the start is refused', () => {
    const file = path.join(folder, 'absent.key');
    expect(codeOf(() => findMasterKeys({}, file, 1))).toBe('SECRET_KEY_MISSING');
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('SEC-33: without a key, and with another in force though nothing is sealed, nothing is made and the start is refused', () => {
    const file = path.join(folder, 'another.key');
    expect(codeOf(() => findMasterKeys({}, file, 0, true))).toBe('SECRET_KEY_UNKNOWN');
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('SEC-33: a file that others can read, a link, and an empty file are refused', () => {
    const file = path.join(folder, 'open.key');
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`);
    chmodSync(file, 0o640);
    expect(codeOf(() => findMasterKeys({}, file, 0))).toBe('SECRET_KEY_FILE_UNSAFE');
    chmodSync(file, 0o600);
    expect(findMasterKeys({}, file, 0).keys).toHaveLength(1);
    const link = path.join(folder, 'link.key');
    symlinkSync(file, link);
    expect(() => findMasterKeys({}, link, 0)).toThrow('is not a regular file. ');
    writeFileSync(file, '# nothing\n');
    expect(codeOf(() => findMasterKeys({}, file, 0))).toBe('SECRET_KEY_MALFORMED');
  });
});
