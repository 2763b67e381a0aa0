import type { Price, Quantity } from '../../model/instrument.ts';
import type { ClientOrderId } from '../../model/order.ts';
import { hashOfText, PackedText } from './packed-text.ts';

/**
 * Trade ids remembered per instrument and side. At the bound the oldest is forgotten: a duplicate that arrives later than this many fills
 * of the instrument is booked again and shows as an overfill or late fill, which is alerted and pauses the strategy.
 */
export const TRADE_IDS_MAX = 65_536;

export type TradeIdVerdict = 'NEW' | 'DUPLICATE' | 'CONFLICT';

const SLOTS_FIRST = 64;
const BUCKETS_PER_SLOT = 2;
/** Top byte of the last word of an id that does not fit into words: its text is kept beside them. */
const KEPT_AS_TEXT = 0xff;
/** Eight integers per slot, 2 to this power: four words of the id, its hash, the order, the next slot of the bucket plus 1, and one to fill the line. */
const STRIDE_BITS = 3;
const HASH = 4;
const ORDER = 5;
const NEXT = 6;

/** What is remembered, by slot; the chains of the buckets are not saved but linked anew. */
export interface TradeIdWindowState {
  readonly oldest: number;
  readonly slots: Int32Array;
  readonly quantities: Float64Array;
  readonly prices: Float64Array;
  readonly texts: readonly (readonly [slot: number, text: string])[];
}

/**
 * The last trade ids of one instrument and side with what they said.
 *
 * One window per side, because the two legs of a self-trade may carry the same trade id and are both ours.
 *
 * Hot: every fill asks. A hash table with chained buckets in integer arrays, its slots reused in turn. An id is kept as what it is, packed
 * into four words (its characters and, in the top byte, how many), so that nothing is left to the garbage collector; ids that do not fit
 * are kept as texts, and their words say so. Either way an id is known only when it is the same to the last character.
 */
export class TradeIdWindow {
  readonly #idsMax: number;
  /** Slots in use, those that are reused included. */
  #count = 0;
  #oldest = 0;
  #capacity = 0;
  #slots = new Int32Array(0);
  #quantities = new Float64Array(0);
  #prices = new Float64Array(0);
  /** First slot of each bucket plus 1; 0 for none. Twice as many as slots, a power of two. */
  #buckets = new Int32Array(0);
  /** By slot, of ids that are kept as texts. */
  readonly #texts = new Map<number, string>();
  /** The id in hand. */
  readonly #packed = new PackedText();

  constructor(idsMax: number = TRADE_IDS_MAX) {
    this.#idsMax = idsMax;
  }

  /** Judges a fill; one that is new is remembered. */
  admit(tradeId: string, order: ClientOrderId, lastQty: Quantity, lastPx: Price): TradeIdVerdict {
    const packed = this.#packed;
    const isText = !packed.pack(tradeId);
    if (isText) this.#mark();
    const hash = isText ? hashOfText(tradeId) : packed.hash();
    const known = this.#find(hash, isText ? tradeId : null);
    if (known >= 0) {
      const isSame =
        this.#slots[(known << STRIDE_BITS) + ORDER] === order && this.#quantities[known] === lastQty && this.#prices[known] === lastPx;
      return isSame ? 'DUPLICATE' : 'CONFLICT';
    }
    const slot = this.#take();
    if (isText) this.#texts.set(slot, tradeId);
    this.#quantities[slot] = lastQty;
    this.#prices[slot] = lastPx;
    const slots = this.#slots;
    const place = slot << STRIDE_BITS;
    slots[place] = packed.word0;
    slots[place + 1] = packed.word1;
    slots[place + 2] = packed.word2;
    slots[place + 3] = packed.word3;
    slots[place + HASH] = hash;
    slots[place + ORDER] = order;
    this.#link(slot);
    return 'NEW';
  }

  saveState(): TradeIdWindowState {
    const count = this.#count;
    const slots = this.#slots.slice(0, count << STRIDE_BITS);
    for (let slot = 0; slot < count; slot += 1) slots[(slot << STRIDE_BITS) + NEXT] = 0;
    const quantities = this.#quantities.slice(0, count);
    const prices = this.#prices.slice(0, count);
    return { oldest: this.#oldest, slots, quantities, prices, texts: [...this.#texts] };
  }

  /** Of a window that nothing was admitted to. */
  loadState({ oldest, slots, quantities, prices, texts }: TradeIdWindowState): void {
    while (this.#capacity < quantities.length) this.#grow();
    this.#slots.set(slots);
    this.#quantities.set(quantities);
    this.#prices.set(prices);
    this.#count = quantities.length;
    this.#oldest = oldest;
    for (const [slot, text] of texts) this.#texts.set(slot, text);
    for (let slot = 0; slot < this.#count; slot += 1) this.#link(slot);
  }

  /** The words of an id that is kept as text: none but the mark; its hash finds it. */
  #mark(): void {
    const packed = this.#packed;
    packed.word0 = 0;
    packed.word1 = 0;
    packed.word2 = 0;
    packed.word3 = KEPT_AS_TEXT << 24;
  }

  /** The slot of the id in hand, −1 for none. `text` where it is one that is kept as text. */
  #find(hash: number, text: string | null): number {
    if (this.#capacity === 0) return -1;
    const slots = this.#slots;
    const { word0, word1, word2, word3 } = this.#packed;
    for (let next = this.#buckets[hash & (this.#buckets.length - 1)]!; next !== 0; ) {
      const place = (next - 1) << STRIDE_BITS;
      if (
        slots[place + HASH] === hash &&
        slots[place] === word0 &&
        slots[place + 1] === word1 &&
        slots[place + 2] === word2 &&
        slots[place + 3] === word3 &&
        (text === null || this.#texts.get(next - 1) === text)
      ) {
        return next - 1;
      }
      next = slots[place + NEXT]!;
    }
    return -1;
  }

  /** A slot for a new id: one that is free, or that of the oldest id, which is forgotten. */
  #take(): number {
    if (this.#count < this.#idsMax) {
      if (this.#count === this.#capacity) this.#grow();
      this.#count += 1;
      return this.#count - 1;
    }
    const slot = this.#oldest;
    this.#oldest = slot + 1 === this.#idsMax ? 0 : slot + 1;
    this.#unlink(slot);
    if (this.#texts.size > 0) this.#texts.delete(slot);
    return slot;
  }

  #link(slot: number): void {
    const bucket = this.#bucketOf(slot);
    this.#slots[(slot << STRIDE_BITS) + NEXT] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot + 1;
  }

  #unlink(slot: number): void {
    const slots = this.#slots;
    const bucket = this.#bucketOf(slot);
    const after = slots[(slot << STRIDE_BITS) + NEXT]!;
    let link = this.#buckets[bucket]!;
    if (link === slot + 1) {
      this.#buckets[bucket] = after;
      return;
    }
    // The one that is forgotten is in the chain, so the walk ends there.
    while (slots[((link - 1) << STRIDE_BITS) + NEXT] !== slot + 1) link = slots[((link - 1) << STRIDE_BITS) + NEXT]!;
    slots[((link - 1) << STRIDE_BITS) + NEXT] = after;
  }

  /** Twice the room. Only while no slot was reused, so that slots keep their numbers. */
  #grow(): void {
    const capacity = Math.max(SLOTS_FIRST, this.#capacity * 2);
    const slots = new Int32Array(capacity << STRIDE_BITS);
    slots.set(this.#slots);
    this.#slots = slots;
    const quantities = new Float64Array(capacity);
    quantities.set(this.#quantities);
    this.#quantities = quantities;
    const prices = new Float64Array(capacity);
    prices.set(this.#prices);
    this.#prices = prices;
    this.#buckets = new Int32Array(capacity * BUCKETS_PER_SLOT);
    this.#capacity = capacity;
    for (let slot = 0; slot < this.#count; slot += 1) this.#link(slot);
  }

  #bucketOf(slot: number): number {
    return this.#slots[(slot << STRIDE_BITS) + HASH]! & (this.#buckets.length - 1);
  }
}
