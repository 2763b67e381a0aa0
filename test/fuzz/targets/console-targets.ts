import { PassThrough, Readable, Writable } from 'node:stream';
import { ACCEPTED, codeOf, type FuzzRun, type FuzzTarget, must } from '../target.ts';
import { mutatedBytes, mutatedText, pick } from '../mutate.ts';
import { mutatedJson } from '../mutate-json.ts';
import { Scratch } from '../scratch.ts';
import { askConsole, consoleSocketPath, type ConsoleServer } from '../../../src/adapters/console/console-socket.ts';
import type { ConsoleAct } from '../../../src/app/access/console-act.ts';
import { openConsoleDoor } from '../../../src/app/access/console-door.ts';
import { readSecretText } from '../../../src/app/access/secret-text.ts';
import { CODES } from '../../../src/model/codes/catalogue.ts';
import { authWorld } from '../../../src/security/auth-world.fixture.ts';
import { SECRET_BYTES_MAX, SecretAdministration } from '../../../src/security/secrets/secret-administration.ts';

const SECRET = { owner: 'ann', venue: 'binance', keyId: 'k1' };
const ACTS: readonly ConsoleAct[] = [
  { kind: 'user-list' },
  { kind: 'user-add', name: 'bob', role: 'viewer' },
  { kind: 'user-disable', name: 'ann' },
  { kind: 'user-role', name: 'ann', role: 'trader' },
  { kind: 'user-reset', name: 'ann', dropSecondFactor: true },
  { kind: 'user-unlock', name: 'ann' },
  { kind: 'user-totp-off', name: 'ann' },
  { kind: 'apikey-list', owner: null },
  { kind: 'apikey-create', owner: 'ann', label: 'bot', scopes: ['read'], addresses: ['192.0.2.0/24'], days: 30 },
  { kind: 'apikey-revoke', keyId: '0'.repeat(32) },
  { kind: 'secret-list' },
  { kind: 'secret-set', ...SECRET, secret: 'hidden' },
  { kind: 'secret-delete', ...SECRET },
  { kind: 'secret-rotate' },
];
/** Acts of one world; then another begins, so that users and keys do not pile up. */
const ACTS_OF_WORLD = 200;

const consoleLine: FuzzTarget = {
  name: 'console-line',
  entries: ['src/app/access/console-door.ts#openConsoleDoor'],
  inputs: 'lines that the command line sends to a session that runs, over its socket',
  oracle: 'one line of JSON: done, or a code; what is refused changes no user, key or secret, and nothing is reported as broken',
  open: async (): Promise<FuzzRun> => {
    const scratch = new Scratch();
    const file = consoleSocketPath(scratch.folder)!;
    let acts = 0;
    let door: ConsoleServer | null = null;
    const restart = async () => {
      await door?.close();
      const world = await authWorld();
      await world.createUser('ann', 'trader');
      const { users, secretRows: store, secrets, auth, clock, report } = world;
      const administration = new SecretAdministration({ users, store, secrets, audit: auth.audit });
      door = await openConsoleDoor(scratch.folder, { auth, secrets: administration, clock, report });
      return world;
    };
    let world = await restart();
    const state = async (): Promise<string> => JSON.stringify([await world.users.all(), await world.secretRows.names()]);
    return {
      generate: (random) => mutatedJson(random, pick(random, ACTS)),
      feed: async (input) => {
        acts += 1;
        if (acts % ACTS_OF_WORLD === 0) world = await restart();
        const before = await state();
        const line = await askConsole(file, input as string);
        must(line !== null, 'somebody answers');
        const answer = JSON.parse(line) as { readonly ok: boolean; readonly code?: string };
        must(world.reported.length === 0, `reported: ${String(world.reported.splice(0)[0])}`);
        if (answer.ok) return ACCEPTED;
        must(answer.code !== undefined && Object.hasOwn(CODES, answer.code), `the code ${answer.code}`);
        must((await state()) === before, 'what is refused changes nothing');
        return answer.code;
      },
      close: async () => {
        await door?.close();
        scratch.close();
      },
    };
  },
};

const WAYS = ['file', 'pipe', 'typed'] as const;
/** Keys that are no part of what is typed: they end it, leave it, or take a character back. */
const KEYS = ['\r', '\n', '\u0003', '\u0004', '\u007f', '\b'];

interface GivenSecret {
  readonly way: (typeof WAYS)[number];
  readonly bytes: Uint8Array;
  readonly cut: number;
}

/** A terminal that a text is typed at, in two pieces. */
class Terminal extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }
}

const secretText: FuzzTarget = {
  name: 'secret-text',
  entries: ['src/app/access/secret-text.ts#readSecretText'],
  inputs: 'secrets from a file, a pipe and a terminal, cut in the middle of characters',
  oracle: 'what was given to the byte, or a refusal that does not repeat it; the terminal is as it was, and has shown nothing',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    return {
      generate: (random) => {
        const text = random.nextBelow(50) === 0 ? '9'.repeat(SECRET_BYTES_MAX - 2 + random.nextBelow(5)) : 'aé💥-secret-0123456789\n';
        const bytes = random.nextBelow(2) === 0 ? mutatedBytes(random, Buffer.from(text)) : Buffer.from(mutatedText(random, text));
        return { way: pick(random, WAYS), bytes, cut: random.nextBelow(bytes.length + 1) };
      },
      feed: async (input) => {
        const { way, bytes, cut } = input as GivenSecret;
        const whole = Buffer.from(bytes);
        const pieces = [whole.subarray(0, cut), whole.subarray(cut)].filter(({ length }) => length > 0);
        let shown = '';
        const output = new Writable({ write: (chunk: Buffer, _, done) => done(void (shown += chunk.toString())) });
        const terminal = new Terminal();
        const read = readSecretText('Secret', way === 'file' ? scratch.write('secret', whole) : undefined, {
          input: (way === 'typed' ? terminal : Readable.from(pieces)) as unknown as NodeJS.ReadStream,
          output,
        });
        if (way === 'typed') for (const piece of [...pieces, Buffer.from('\r')]) terminal.write(piece);
        try {
          const secret = (await read).reveal();
          must(secret !== '' && Buffer.byteLength(secret) <= SECRET_BYTES_MAX, 'its length');
          const isAsGiven = Buffer.from(secret).equals(Buffer.from(whole.toString('latin1').replace(/\r?\n$/, ''), 'latin1'));
          must(isAsGiven || (way === 'typed' && (KEYS.some((key) => whole.includes(key)) || !isText(whole))), 'it is what was given');
          return ACCEPTED;
        } catch (error) {
          const code = codeOf(error);
          if (code === null) throw error;
          must(whole.length < 6 || !String(error).includes(whole.toString()), 'the message tells the secret');
          return code;
        } finally {
          must(!terminal.isRaw && shown === (way === 'typed' ? 'Secret: \n' : ''), `the terminal shows ${shown}`);
        }
      },
      close: () => scratch.close(),
    };
  },
};

function isText(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

export const CONSOLE_TARGETS: readonly FuzzTarget[] = [consoleLine, secretText];
