import { PassThrough } from 'node:stream';
import { serialize } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { codeOf } from './target.ts';
import { makeFolder, problemOf, testInstrument } from '../files-kit.ts';
import { readDecimalText } from '../../src/adapters/files/field-text.ts';
import { readLeanActions } from '../../src/adapters/files/lean-factors.ts';
import { tooPrecise } from '../../src/adapters/files/recordings/too-precise.ts';
import { sniffCsv } from '../../src/adapters/files/sniff-csv.ts';
import { TrustedProxies } from '../../src/adapters/http/client-address.ts';
import { readSecretText } from '../../src/app/access/secret-text.ts';
import { databaseSettings } from '../../src/adapters/postgres/database-settings.ts';
import { parseDuration } from '../../src/model/duration-text.ts';
import { resolveParameters } from '../../src/model/parameters.ts';
import { ZoneClock } from '../../src/ports/zone-clock.ts';
import { decodeInput, decodePlan, encodeInput, RecordKind } from '../../src/runtime/session/input-codec.ts';

const folder = makeFolder();
afterAll(folder.remove);

function refusalOf(work: () => unknown): string | null {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return codeOf(error);
  }
}

/* What spoiled input found, each with the smallest input that did. */
describe('what was found', () => {
  it('SEC-59: more forged hops than are looked at do not hide who asks', () => {
    const proxies = new TrustedProxies(['127.0.0.1']);
    const header = `${'192.0.2.66,'.repeat(40)}198.51.100.7`;
    const request = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': header } };
    expect(proxies.clientOf(request as never)).toBe('198.51.100.7');
  });

  it('a number of thousands of decimals that may be rounded is refused, and is no defect', () => {
    expect(readDecimalText(`1.${'5'.repeat(5000)}`, 2, true, false).code).toBe('NUMBER_TOO_PRECISE');
  });

  it('a file of one line is no table', () => {
    expect(problemOf(() => sniffCsv(folder.write('one.csv', 'x'))).code).toBe('FORMAT_UNRECOGNIZED');
  });

  it('SEC-25: zeros of a number are counted once each, wherever they stand', () => {
    // Each expression that was here took seconds for this.
    const { rule } = tooPrecise('priceDecimals', 2, `0.${'0'.repeat(200_000)}1`);
    expect(rule).toContain('200001 decimals');
  });

  it('a split that no ratio of whole numbers says is refused', () => {
    const factorFile = folder.write('factors.csv', '19980102,9,.5\n20140606,9,9007199254741231\n');
    const clock = new ZoneClock('UTC');
    expect(problemOf(() => readLeanActions({ factorFile, instrument: testInstrument(4), clock }))).toMatchObject({
      code: 'FACTORS_INVALID',
      line: 2,
    });
  });

  it('a parameter that is no JSON is refused in words', () => {
    const { refusals } = resolveParameters({ every: { type: 'text', default: '', description: '' } }, { every: 10n });
    expect(refusals).toHaveLength(1);
  });

  it.each(['postgres:ann:hunter2@host/desk', 'hunter2:x', 'n:hunter2'])('SEC-34: %s is refused and the password not repeated', (url) => {
    const problem = problemOf(() => databaseSettings({ databaseUrl: url }, {}));
    expect([problem.code, JSON.stringify(problem).includes('hunter2')]).toEqual(['DATABASE_URL_INVALID', false]);
  });

  it('records of a session that this program does not write are refused with a code, before memory is asked for', () => {
    const rows = new Uint8Array(16);
    rows[0] = 2;
    rows.fill(255, 12);
    const records = [
      { kind: RecordKind.ROWS, payload: rows },
      { kind: RecordKind.ROWS, payload: new Uint8Array(3) },
      { kind: RecordKind.COMMAND, payload: new Uint8Array(8) },
      { kind: RecordKind.COMMAND, payload: serialize({ actor: 'ann', command: { kind: 'Kill', scope: { kind: 'ALL' }, flatten: 1 } }) },
      { kind: RecordKind.GAP, payload: serialize(null) },
      { kind: 200, payload: rows },
    ];
    for (const record of records) expect(refusalOf(() => decodeInput({ ts: 0, ...record }))).toBe('SESSION_RECORD_UNREADABLE');
    expect(refusalOf(() => decodePlan(new Uint8Array(8)))).toBe('SESSION_RECORD_UNREADABLE');
    const command = { kind: 'Release', scope: { kind: 'FIRM' }, reason: '' } as const;
    const input = { kind: 'COMMAND', ts: 5, actor: 'ann', command } as const;
    expect(decodeInput({ ...encodeInput(input), ts: 5 })).toEqual(input);
  });

  it.each([
    ['1.4us', null],
    ['0.0000001s', null],
    ['0.00000000001d', null],
    ['1.1s', 1_100_000],
    ['0.000000125d', 10_800],
    ['104249991.374d', null],
    ['9007199254740991us', 9_007_199_254_740_991],
  ])('a length of time is a whole number of microseconds, or none: %s', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  it('SEC-23: a secret that is no text is refused, and is not kept as another', async () => {
    const file = folder.write('secret', new Uint8Array([0x61, 0xe9, 0x62]));
    await expect(readSecretText('Secret', file, { input: process.stdin, output: process.stdout })).rejects.toMatchObject({
      problems: [{ code: 'OPTION_INVALID', rule: 'A secret is text in UTF-8.' }],
    });
  });

  it('SEC-23: a secret that a terminal hands over in the middle of a character is put together', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => {} });
    const read = readSecretText('Secret', undefined, { input: input as never, output: new PassThrough() });
    for (const bytes of [
      [0x61, 0xc3],
      [0xa9, 0x0d],
    ])
      input.write(Buffer.from(bytes));
    expect((await read).reveal()).toBe('aé');
  });
});
