import { chmodSync } from 'node:fs';
import { ACCEPTED, type FuzzRun, type FuzzTarget, must, verdictOf } from '../target.ts';
import { mutatedText, oddText, pick } from '../mutate.ts';
import { Scratch } from '../scratch.ts';
import { Secret } from '../../../src/base/secret.ts';
import { isAddressOrSubnet, isListed } from '../../../src/security/api-keys/address-list.ts';
import { authWorld, HOME, value } from '../../../src/security/auth-world.fixture.ts';
import { MemoryIdempotency } from '../../../src/security/memory-stores.fixture.ts';
import type { Outcome } from '../../../src/security/outcome.ts';
import { judgePassword } from '../../../src/security/passwords/password-rules.ts';
import { Idempotency } from '../../../src/security/requests/idempotency.ts';
import { readKeyFile } from '../../../src/security/secrets/key-file.ts';
import { MasterKey } from '../../../src/security/secrets/master-key.ts';
import { openBytes, sealBytes } from '../../../src/security/secrets/sealed-bytes.ts';
import { addressKey } from '../../../src/security/sign-in/address-key.ts';
import { TrustedProxies } from '../../../src/adapters/http/client-address.ts';

const verdict = (outcome: Outcome<unknown>): string => (outcome.ok ? ACCEPTED : outcome.code);

/** Tokens, keys, tickets, codes and names, whoever guesses them. */
const credentials: FuzzTarget = {
  name: 'credentials',
  entries: ['src/security/auth-manager.ts#AuthManager'],
  inputs: 'access and refresh tokens, tickets, API keys, names and passwords, second factors, near to good ones',
  oracle: 'only what was given out is good; nothing is reported as broken; users and rights stay what they were',
  open: async (): Promise<FuzzRun> => {
    const world = await authWorld();
    await world.createUser('ann', 'trader');
    const grant = value(await world.signIn('ann'));
    const [access, refresh] = [grant.accessToken.reveal(), grant.refreshToken.reveal()];
    const users = JSON.stringify(await world.users.all());
    return {
      generate: (random) => {
        const kind = pick(random, ['access', 'refresh', 'ticket', 'key', 'signIn'] as const);
        const near = { access, refresh, ticket: 'A'.repeat(43), key: `qh_${'0'.repeat(32)}_${'a'.repeat(43)}`, signIn: 'ann' }[kind];
        // A refresh token that was good once is good no more: it is left alone.
        const text = random.nextBelow(6) === 0 ? oddText(random) : mutatedText(random, near);
        return { kind, text: kind === 'refresh' && text === refresh ? '' : text, code: oddText(random) };
      },
      feed: async (input) => {
        const { kind, text, code } = input as { readonly kind: string; readonly text: string; readonly code: string };
        const { auth } = world;
        const secret = new Secret(text);
        const outcome: Outcome<unknown> =
          kind === 'access'
            ? await auth.authenticate(secret, HOME)
            : kind === 'refresh'
              ? await auth.refresh(secret, HOME)
              : kind === 'ticket'
                ? await auth.redeemTicket(secret, HOME)
                : kind === 'key'
                  ? await auth.authenticateKey(secret, HOME)
                  : await world.signIn(text, code, `192.0.2.${text.length % 200}`, code);
        must(!outcome.ok || (kind === 'access' && text === access), `${kind} is good`);
        must(world.reported.length === 0, `reported: ${String(world.reported[0])}`);
        must(JSON.stringify(await world.users.all()) === users, 'users are what they were');
        return verdict(outcome);
      },
    };
  },
};

const idempotency: FuzzTarget = {
  name: 'idempotency-key',
  entries: ['src/security/requests/idempotency.ts#Idempotency'],
  inputs: 'idempotency keys and bodies',
  oracle: 'the work of a key is done once; what is refused is not done',
  open: (): FuzzRun => {
    let done = 0;
    const reported: unknown[] = [];
    let now = 0;
    const clock = { now: () => now, callAt: () => ({ cancel: () => {} }) };
    const once = new Idempotency(new MemoryIdempotency(), clock, (error) => reported.push(error));
    return {
      generate: (random) => ({
        key: mutatedText(random, 'order-17'),
        body: oddText(random),
        owner: pick(random, ['ann', 'bob', '__proto__', '']),
      }),
      feed: async (input) => {
        const request = input as { readonly key: string; readonly body: string; readonly owner: string };
        // A day later it is forgotten: the store does not fill up.
        now += 60e6;
        const before = done;
        const outcome = await once.once(request, () => Promise.resolve((done += 1)));
        must(reported.length === 0, `reported: ${String(reported[0])}`);
        must(outcome.ok || done === before, 'what is refused is not done');
        if (outcome.ok) {
          const again = await once.once(request, () => Promise.resolve((done += 1)));
          must(again.ok && again.value === outcome.value, 'the same answer again');
        }
        return verdict(outcome);
      },
    };
  },
};

const KEY = Uint8Array.from({ length: 32 }, (_, at) => (at * 89 + 7) & 255);
const BOUND = new TextEncoder().encode('ann binance key');
const sealedBytes: FuzzTarget = {
  name: 'sealed-bytes',
  entries: ['src/security/secrets/sealed-bytes.ts#openBytes'],
  inputs: 'sealed secrets, and what they are bound to',
  oracle: 'nothing opens but what was sealed',
  open: () => {
    const sealed = sealBytes(KEY, new TextEncoder().encode('secret'), BOUND);
    return {
      generate: (random) => mutatedText(random, sealed),
      feed: (input) => {
        const plain = openBytes(KEY, input as string, BOUND);
        must((plain !== null) === (input === sealed), 'it opens where it is what was sealed, and nowhere else');
        return plain === null ? 'not opened' : ACCEPTED;
      },
    };
  },
};

const keyFile: FuzzTarget = {
  name: 'key-file',
  entries: ['src/security/secrets/key-file.ts#readKeyFile'],
  inputs: 'files of master keys',
  oracle: 'keys have 256 bits; no message repeats the file',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const keys = [MasterKey.generate().toHex(), MasterKey.generate().toHex()];
    return {
      generate: (random) => mutatedText(random, `# Master key\n${keys.join('\n')}\n`),
      feed: (input) => {
        const file = scratch.write('master.key', input as string);
        chmodSync(file, 0o600);
        return verdictOf(() => {
          try {
            for (const key of readKeyFile(file)!) must(key.bytes().length === 32, '256 bits');
          } catch (error) {
            must(!(error instanceof Error && keys.some((key) => error.message.includes(key.slice(0, 16)))), 'the message tells the key');
            throw error;
          }
        });
      },
      close: () => scratch.close(),
    };
  },
};

const ADDRESSES = ['192.0.2.1', '10.0.0.0/8', '::1', '2001:db8::/32', '::ffff:192.0.2.1', 'fe80::1%eth0'];
const addresses: FuzzTarget = {
  name: 'address',
  entries: [
    'src/security/api-keys/address-list.ts#isAddressOrSubnet',
    'src/security/sign-in/address-key.ts#addressKey',
    'src/adapters/http/client-address.ts#TrustedProxies',
  ],
  inputs: 'addresses, subnets and headers of proxies',
  oracle: 'a list holds what it accepts; of a header no more is believed than an address',
  open: () => {
    const proxies = new TrustedProxies(['127.0.0.1']);
    return {
      generate: (random) => mutatedText(random, pick(random, ADDRESSES)),
      feed: (input) => {
        const text = input as string;
        const isGood = isAddressOrSubnet(text);
        isListed('192.0.2.1', [text]);
        must(addressKey(text).length <= 64, 'a key is short');
        const request = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': `${text}, 198.51.100.7` } };
        must(proxies.clientOf(request as never) === '198.51.100.7', 'the nearest stranger');
        return isGood ? ACCEPTED : 'refused';
      },
    };
  },
};

const password: FuzzTarget = {
  name: 'password',
  entries: ['src/security/passwords/password-rules.ts#judgePassword'],
  inputs: 'passwords and names',
  oracle: 'a password that may be set has 12 to 128 characters',
  open: () => ({
    generate: (random) => ({
      text: mutatedText(random, 'seven quiet herons at dusk'),
      name: random.nextBelow(3) === 0 ? oddText(random) : 'ann',
    }),
    feed: (input) => {
      const { text, name } = input as { readonly text: string; readonly name: string };
      const outcome = judgePassword(new Secret(text), name);
      if (outcome.ok) must([...text.normalize('NFKC')].length >= 12 && [...text.normalize('NFKC')].length <= 128, 'its length');
      return verdict(outcome);
    },
  }),
};

export const SECURITY_TARGETS: readonly FuzzTarget[] = [credentials, idempotency, sealedBytes, keyFile, addresses, password];
