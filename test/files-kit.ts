import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { makeCurrency } from '../src/model/currency.ts';
import type { Instrument } from '../src/model/instrument.ts';
import { instrumentWith } from '../src/model/instrument.fixture.ts';
import { InputError, type InputProblem } from '../src/ports/errors.ts';

/** A folder for the files of one test file; remove it afterwards. */
export function makeFolder(): {
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly remove: () => void;
  readonly path: string;
} {
  const path = mkdtempSync(join(tmpdir(), 'quanthybrid-files-'));
  return {
    path,
    write: (name, content) => {
      const file = join(path, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true }),
  };
}

export function testInstrument(priceDecimals = 2, quantityDecimals = 0): Instrument {
  const quote = makeCurrency('USD', priceDecimals + quantityDecimals);
  return instrumentWith({ id: 'X-USD.TEST', kind: 'SPOT', base: makeCurrency('X'), quote, priceDecimals, quantityDecimals });
}

/** The problem that an action is refused with. */
export function problemOf(action: () => unknown): InputProblem {
  try {
    action();
  } catch (error) {
    if (error instanceof InputError) return error.problems[0]!;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A zip archive of deflated members, written by the book (APPNOTE 4.3). */
export function zipOf(members: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(members)) {
    const plain = Buffer.from(text);
    const packed = deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), Buffer.from([20, 0]), common, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(centrals.length, 8);
  end.writeUInt16LE(centrals.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}
