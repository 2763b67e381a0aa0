import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { crc32c, crc32cHex } from '../../base/crc32c.ts';
import { BLOCK_KIND_NAMES } from '../../model/blocks.ts';
import { InputError } from '../../ports/errors.ts';
import { MANIFEST_FILE } from './layout.ts';
import { isSystemError, onDisk, storeProblem } from './problem.ts';

/** Version of the format on disk: raised when an older reader would misread it. */
export const FORMAT_VERSION = 1;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const timestamp = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER);
const hex = (digits: number): z.ZodString => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const storedColumn = z.strictObject({
  name: z.string(),
  file: z.string(),
  type: z.enum(['float64', 'int8']),
  bytes: count,
  sha256: hex(64),
  /** CRC-32C of each chunk of rows, in order. */
  chunks: z.array(hex(8)),
});
/** A column whose every value equals another's is stored once. */
const sharedColumn = z.strictObject({ name: z.string(), sameAs: z.string() });

const manifestSchema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION),
  createdBy: z.string(),
  instrument: z.strictObject({
    id: z.string(),
    priceDecimals: z.number().int().min(0).max(12),
    quantityDecimals: z.number().int().min(0).max(12),
    priceIncrement: count.min(1),
    lotSize: count.min(1),
  }),
  kind: z.enum(BLOCK_KIND_NAMES),
  every: z.string().nullable(),
  provenance: z.strictObject({
    /** Kind of source: csv, lean, generated … */
    source: z.string(),
    /** Zone that the source's times were read in; null where they were absolute. */
    zone: z.string().nullable(),
    /** What the source's time of a bar stamps: open or close; null for ticks. */
    stamp: z.enum(['open', 'close']).nullable(),
    files: z.array(z.strictObject({ name: z.string(), bytes: count, sha256: hex(64) })),
    /** Options that shaped the rows, as text by name: column mapping, adjustment, seed. */
    options: z.record(z.string(), z.string()),
  }),
  rows: count.min(1),
  /** tsInit of the first and the last row, microseconds since the epoch. */
  firstTs: timestamp,
  lastTs: timestamp,
  chunkRows: count.min(1),
  /** SHA-256 over the instrument's facts, the kind and every column's SHA-256: the same rows give the same digest. */
  digest: hex(64),
  columns: z.array(z.union([storedColumn, sharedColumn])),
});

export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
export type StoredColumn = Readonly<z.infer<typeof storedColumn>>;
export type SharedColumn = Readonly<z.infer<typeof sharedColumn>>;
/** What is needed to read the counts as prices and quantities. */
export type InstrumentFacts = Manifest['instrument'];
/** Where the rows came from and how they were read. */
export type Provenance = Manifest['provenance'];

/**
 * The file's text: JSON whose first member is the checksum of every byte after its line, so that no byte of it can change unnoticed,
 * white space included.
 */
export function encodeManifest(manifest: Manifest): string {
  const rest = `${JSON.stringify(manifest, null, 1).slice(2)}\n`;
  return `${prefixFor(new TextEncoder().encode(rest))}${rest}`;
}

function prefixFor(rest: Uint8Array): string {
  return `{\n "manifestCrc32c": "${crc32cHex(crc32c(rest))}",\n`;
}

const PREFIX_BYTES = prefixFor(new Uint8Array(0)).length;

/**
 * Reads and checks a manifest.
 *
 * @throws InputError STORE_DAMAGED or STORE_FORMAT_UNKNOWN; STORE_DATA_SET_NOT_FOUND when there is none
 */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST_FILE);
  const bytes = readManifestBytes(file);
  const damaged = (rule: string): InputError => new InputError([storeProblem('STORE_DAMAGED', rule, { file })]);
  const text = new TextDecoder().decode(bytes);
  const isIntact = text.startsWith(prefixFor(bytes.subarray(PREFIX_BYTES)));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw damaged('The manifest is not JSON.');
    throw cause;
  }
  const version = (parsed as { formatVersion?: unknown } | null)?.formatVersion;
  if (isIntact && version !== FORMAT_VERSION) {
    const rule = `This version reads format ${FORMAT_VERSION}.`;
    throw new InputError([storeProblem('STORE_FORMAT_UNKNOWN', rule, { file, value: String(version) })]);
  }
  if (!isIntact) throw damaged('The bytes of the manifest do not match its own checksum.');
  const { manifestCrc32c: _, ...members } = parsed as Record<string, unknown>;
  const checked = manifestSchema.safeParse(members);
  if (!checked.success)
    throw damaged(`The manifest does not have the shape of format ${FORMAT_VERSION}: ${z.prettifyError(checked.error)}.`);
  return checked.data;
}

function readManifestBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (isSystemError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) {
      throw new InputError([storeProblem('STORE_DATA_SET_NOT_FOUND', 'There is no data set here.', { file })]);
    }
    return onDisk('read', file, () => {
      throw cause;
    });
  }
}

/** Reads exactly `bytes.length` bytes at `position`; false when the file ends before. */
export function readFully(descriptor: number, bytes: Uint8Array, length: number, position: number): boolean {
  let done = readSync(descriptor, bytes, 0, length, position);
  while (done < length) {
    const more = readSync(descriptor, bytes, done, length - done, position + done);
    if (more === 0) return false;
    done += more;
  }
  return true;
}

/** Opens a column's file, runs `act` and closes it. */
export function withFile<T>(file: string, act: (descriptor: number) => T): T {
  const descriptor = onDisk('open', file, () => openSync(file, 'r'));
  try {
    return onDisk('read', file, () => act(descriptor));
  } finally {
    closeSync(descriptor);
  }
}
