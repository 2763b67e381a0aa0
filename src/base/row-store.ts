/** Rows of one chunk: it is put down whole, so a short run holds no more than this in reserve. */
const CHUNK_ROWS = 512;

export interface RowStoreState {
  readonly length: number;
  /** All fields of the rows that are kept, the newest, as they lie in memory. */
  readonly fields: BigInt64Array;
  readonly longBigints: readonly (readonly [place: number, value: bigint])[];
}

/**
 * Rows of a fixed number of 64-bit fields, each a double or a big integer, that are appended and then only read. They lie in chunks outside
 * the heap: eight bytes a field, nothing for the collector to walk, and no copying as they grow.
 *
 * Hot: a backtest appends a row for every fill and every closed trade.
 */
export class RowStore {
  length = 0;
  /** The chunk of the newest row, seen as doubles and as big integers. Write at what {@link append} returned plus the field. */
  doubles = new Float64Array(0);
  private bigints = new BigInt64Array(0);
  /** The oldest row that is kept. It begins a chunk. */
  firstRow = 0;
  private readonly fieldCount: number;
  private readonly rowsMax: number;
  private readonly doubleChunks: Float64Array[] = [];
  private readonly bigintChunks: BigInt64Array[] = [];
  /** Big integers that 64 bits do not hold, by row × fieldCount + field. */
  private readonly longBigints = new Map<number, bigint>();

  /** @param rowsMax rows kept; the oldest go a chunk at a time, and the newest chunk always stays */
  constructor(fieldCount: number, rowsMax = Number.POSITIVE_INFINITY) {
    this.fieldCount = fieldCount;
    this.rowsMax = rowsMax;
  }

  /** Begins a row of zeros. @returns where it begins in `doubles` */
  append(): number {
    const place = this.length % CHUNK_ROWS;
    if (place === 0) {
      this.addChunk();
      if (this.length + CHUNK_ROWS - this.firstRow > this.rowsMax) this.forget();
    }
    this.length += 1;
    return place * this.fieldCount;
  }

  /** Writes a big integer into the newest row. @param start what {@link append} returned */
  putBigint(start: number, field: number, value: bigint): void {
    this.bigints[start + field] = value;
    if (BigInt.asIntN(64, value) !== value) this.longBigints.set((this.length - 1) * this.fieldCount + field, value);
  }

  double(row: number, field: number): number {
    return this.doubleChunks[Math.floor((row - this.firstRow) / CHUNK_ROWS)]![(row % CHUNK_ROWS) * this.fieldCount + field]!;
  }

  bigint(row: number, field: number): bigint {
    const long = this.longBigints.size === 0 ? undefined : this.longBigints.get(row * this.fieldCount + field);
    return long ?? this.bigintChunks[Math.floor((row - this.firstRow) / CHUNK_ROWS)]![(row % CHUNK_ROWS) * this.fieldCount + field]!;
  }

  saveState(): RowStoreState {
    const { length, firstRow, fieldCount } = this;
    const fields = new BigInt64Array((length - firstRow) * fieldCount);
    this.bigintChunks.forEach((chunk, at) => {
      const from = at * CHUNK_ROWS * fieldCount;
      fields.set(chunk.subarray(0, fields.length - from), from);
    });
    return { length, fields, longBigints: [...this.longBigints] };
  }

  /** Of a store without rows. */
  loadState({ length, fields, longBigints }: RowStoreState): void {
    const chunkFields = CHUNK_ROWS * this.fieldCount;
    for (let from = 0; from < fields.length; from += chunkFields) {
      this.addChunk();
      this.bigints.set(fields.subarray(from, from + chunkFields));
    }
    this.length = length;
    this.firstRow = length - fields.length / this.fieldCount;
    for (const [place, value] of longBigints) this.longBigints.set(place, value);
  }

  private forget(): void {
    while (this.doubleChunks.length > 1 && this.length + CHUNK_ROWS - this.firstRow > this.rowsMax) {
      this.doubleChunks.shift();
      this.bigintChunks.shift();
      this.firstRow += CHUNK_ROWS;
    }
    for (const place of this.longBigints.keys()) if (place < this.firstRow * this.fieldCount) this.longBigints.delete(place);
  }

  private addChunk(): void {
    this.doubles = new Float64Array(CHUNK_ROWS * this.fieldCount);
    this.bigints = new BigInt64Array(this.doubles.buffer);
    this.doubleChunks.push(this.doubles);
    this.bigintChunks.push(this.bigints);
  }
}
