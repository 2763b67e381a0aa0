import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

const CANARY = 'canary-7f3a91';

describe('a secret', () => {
  it('SEC-34: shows nothing of its value in text, JSON, inspections, copies, keys and messages', () => {
    const secret = new Secret(CANARY);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret, list: [secret] }),
      inspect(secret),
      inspect({ deep: { secret } }, { depth: null, showHidden: true, customInspect: true }),
      inspect(secret, { customInspect: false, showHidden: true }),
      inspect(structuredClone(secret)),
      inspect({ ...secret }),
      Object.getOwnPropertyNames(secret).join(),
      new Error(`refused: ${secret}`).stack ?? '',
    ].join('\n');
    expect(shown).not.toContain(CANARY);
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
  });

  it('gives its value to whoever asks for it by name', () => {
    expect(new Secret(CANARY).reveal()).toBe(CANARY);
  });
});
