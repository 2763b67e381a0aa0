import { readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { Secret } from '../../base/secret.ts';
import { InputError } from '../../ports/errors.ts';
import { SECRET_BYTES_MAX } from '../../security/secrets/secret-administration.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
/** With the end of a line; what comes after is not read. */
const READ_BYTES_MAX = SECRET_BYTES_MAX + 2;

/** What a secret is read from: never an argument, which every user of the machine can list. */
export interface SecretInput {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Reads a secret from a file, from a pipe, or from a terminal that does not show it. One line's end at its end is no part of it.
 *
 * @throws InputError where there is nothing, or too much
 */
export async function readSecretText(label: string, fromFile: string | undefined, { input, output }: SecretInput): Promise<Secret> {
  const text = fromFile !== undefined ? readFile(fromFile) : input.isTTY ? await typed(label, { input, output }) : await piped(input);
  const bare = text.replace(/\r?\n$/, '');
  if (bare === '') throw refusal('Nothing was given.', 'Type or pipe the secret, or name a file with --from-file.');
  if (Buffer.byteLength(bare) > SECRET_BYTES_MAX) throw tooLong();
  return new Secret(bare);
}

function readFile(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw refusal(`${file} cannot be read.`, 'Correct --from-file.');
  }
  return textOf(bytes);
}

/** Bytes that are no text would be another secret than was given. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > READ_BYTES_MAX) throw tooLong();
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal('A secret is text in UTF-8.', 'Save or send it as UTF-8.');
  }
}

function tooLong(): InputError {
  return refusal(`A secret has at most ${SECRET_BYTES_MAX} bytes.`, 'Give the secret alone.');
}

async function piped(input: NodeJS.ReadStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk as Buffer));
    bytes += chunks.at(-1)!.length;
    if (bytes > READ_BYTES_MAX) break;
  }
  return textOf(Buffer.concat(chunks));
}

/** The terminal is put back as it was whatever happens. */
function typed(label: string, { input, output }: SecretInput): Promise<string> {
  output.write(`${label}: `);
  return new Promise((resolve, reject) => {
    let text = '';
    // A character may come in two pieces.
    const decoder = new StringDecoder('utf8');
    const end = (act: () => void): void => {
      input.setRawMode(false);
      input.off('data', onData);
      input.pause();
      output.write('\n');
      act();
    };
    const onData = (chunk: Buffer | string): void => {
      for (const character of typeof chunk === 'string' ? chunk : decoder.write(chunk)) {
        if (character === '\r' || character === '\n' || character === CTRL_D) return end(() => resolve(text));
        if (character === CTRL_C) return end(() => reject(refusal('It was left by Ctrl-C.', 'Nothing was changed.')));
        if (character === '\u007f' || character === '\b') text = [...text].slice(0, -1).join('');
        else text += character;
        if (text.length > READ_BYTES_MAX) return end(() => reject(tooLong()));
      }
    };
    input.setRawMode(true);
    input.resume();
    input.on('data', onData);
  });
}

function refusal(rule: string, fix: string): InputError {
  return new InputError([{ code: 'OPTION_INVALID', column: 'secret', rule, fix }]);
}
