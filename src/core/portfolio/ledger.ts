import { assert, InvariantError } from '../../base/assert.ts';
import type { AccountIndex, LedgerAccountKind } from '../../model/account.ts';
import { type Currency, type Money, makeCurrency } from '../../model/currency.ts';

/** One side of a transaction: `amount` is added to the balance of the ledger account that the other fields name. */
export interface LedgerEntry {
  readonly kind: LedgerAccountKind;
  readonly account: AccountIndex;
  readonly currency: Currency;
  readonly amount: Money;
}

/** Entries that belong together; for each currency they sum to zero. */
interface LedgerTransaction {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Microseconds since the epoch. */
  readonly ts: number;
  readonly reason: string;
  readonly entries: readonly LedgerEntry[];
}

/** A ledger account and its balance. Read it, do not write it: the ledger keeps the same object for its life. */
interface LedgerRow {
  readonly kind: LedgerAccountKind;
  readonly account: AccountIndex;
  readonly currency: Currency;
  readonly balance: Money;
}

/** Plain data: money as text. */
export interface LedgerState {
  readonly sequence: number;
  readonly rows: readonly {
    readonly kind: LedgerAccountKind;
    readonly account: AccountIndex;
    readonly currency: string;
    readonly decimals: number;
    readonly balance: string;
  }[];
}

/** Names a ledger account of one {@link Ledger} for its life: what the hot path posts to instead of kind, account and currency. */
export type LedgerHandle = number;

/** What a handle stands for, and its row once something has been posted to it. */
interface Place {
  readonly kind: LedgerAccountKind;
  readonly account: AccountIndex;
  readonly currency: Currency;
  row: WritableRow | null;
}

type WritableRow = { -readonly [K in keyof LedgerRow]: LedgerRow[K] };

/** Transactions that are kept for {@link Ledger.transactionsSince} unless told otherwise; older ones are forgotten, balances never. */
export const LEDGER_HISTORY_MAX = 0;

const NO_ROWS: readonly LedgerRow[] = Object.freeze([]);

/**
 * Double entry in many currencies. A transaction whose entries do not sum to zero in each currency is a bug of ours and stops the program.
 *
 * Only balances are kept, and the newest `historyMax` transactions. Rows are in order of first use, which is deterministic.
 */
export class Ledger {
  readonly #historyMax: number;
  readonly #rows: WritableRow[] = [];
  readonly #currencies = new Map<string, Currency>();
  readonly #cashRows: LedgerRow[][] = [];
  /** By handle. */
  readonly #places: Place[] = [];
  /** By account: kind, then currency code. */
  readonly #handles: Map<LedgerAccountKind, Map<string, LedgerHandle>>[] = [];
  /** The entries of the transaction that is being put together: the first `#pending` of both lists. */
  readonly #pendingPlaces: Place[] = [];
  readonly #pendingAmounts: Money[] = [];
  #pending = 0;
  #history: LedgerTransaction[] = [];
  #sequence = 0;

  constructor(historyMax: number = LEDGER_HISTORY_MAX) {
    this.#historyMax = historyMax;
  }

  /** Number of transactions posted so far. */
  get sequence(): number {
    return this.#sequence;
  }

  /**
   * Books a transaction whole.
   *
   * @returns its sequence number
   * @throws InvariantError when a currency does not sum to zero; nothing is booked then
   */
  post(ts: number, reason: string, entries: readonly LedgerEntry[]): number {
    this.#pending = 0;
    for (const entry of entries) this.add(this.handleOf(entry.kind, entry.account, entry.currency), entry.amount);
    return this.commit(ts, reason);
  }

  /** The handle of a ledger account, for {@link add}. Naming one makes no row: that is for the first amount posted to it. */
  handleOf(kind: LedgerAccountKind, account: AccountIndex, currency: Currency): LedgerHandle {
    const known = this.#handle(kind, account, currency.code);
    if (known !== undefined) {
      assert(this.#places[known]!.currency.decimals === currency.decimals, `${currency.code} has two scales`);
      return known;
    }
    const handle = this.#places.length;
    this.#places.push({ kind, account, currency, row: null });
    while (this.#handles.length <= account) this.#handles.push(new Map());
    const ofKind = this.#handles[account]!.get(kind);
    if (ofKind === undefined) this.#handles[account]!.set(kind, new Map([[currency.code, handle]]));
    else ofKind.set(currency.code, handle);
    return handle;
  }

  /** Adds an entry to the transaction that the next {@link commit} books. Hot, as is that: a fill posts without making an object. */
  add(handle: LedgerHandle, amount: Money): void {
    const at = this.#pending;
    this.#pendingPlaces[at] = this.#places[handle]!;
    this.#pendingAmounts[at] = amount;
    this.#pending = at + 1;
  }

  /**
   * Books the entries added since the last transaction, as one.
   *
   * @returns its sequence number
   * @throws InvariantError when a currency does not sum to zero; nothing is booked then
   */
  commit(ts: number, reason: string): number {
    const count = this.#pending;
    this.#pending = 0;
    this.#assertBalanced(reason, count);
    for (let at = 0; at < count; at += 1) {
      const place = this.#pendingPlaces[at]!;
      (place.row ?? this.#open(place)).balance += this.#pendingAmounts[at]!;
    }
    this.#sequence += 1;
    if (this.#historyMax > 0) this.#remember(ts, reason, count);
    return this.#sequence;
  }

  balance(kind: LedgerAccountKind, account: AccountIndex, currency: string): Money {
    const handle = this.#handle(kind, account, currency);
    return handle === undefined ? 0n : this.balanceAt(handle);
  }

  balanceAt(handle: LedgerHandle): Money {
    return this.#places[handle]!.row?.balance ?? 0n;
  }

  /** Sum of every ledger account in a currency: always zero. */
  total(currency: string): Money {
    let sum = 0n;
    for (const row of this.#rows) if (row.currency.code === currency) sum += row.balance;
    return sum;
  }

  /** Currencies in order of first use. */
  currencies(): readonly Currency[] {
    return [...this.#currencies.values()];
  }

  /** Every ledger account in order of first use. The list and its rows are live. */
  rows(): readonly LedgerRow[] {
    return this.#rows;
  }

  /** What an account holds, in order of first use: its CASH rows. Cheap: valuation reads it at every mark. */
  cashRows(account: AccountIndex): readonly LedgerRow[] {
    return this.#cashRows[account] ?? NO_ROWS;
  }

  /** One line per ledger account, for the digest of a run: `kind|account|currency|balance`. */
  stateRows(): readonly string[] {
    return this.#rows.map((row) => `${row.kind}|${row.account}|${row.currency.code}|${row.balance}`);
  }

  /** The transactions after `sequence`, oldest first, or FORGOTTEN when some of them are no longer kept. */
  transactionsSince(sequence: number): readonly LedgerTransaction[] | 'FORGOTTEN' {
    const wanted = this.#sequence - sequence;
    if (wanted <= 0) return [];
    const kept = Math.min(this.#history.length, this.#historyMax);
    return wanted > kept ? 'FORGOTTEN' : this.#history.slice(-wanted);
  }

  saveState(): LedgerState {
    return {
      sequence: this.#sequence,
      rows: this.#rows.map((row) => ({
        kind: row.kind,
        account: row.account,
        currency: row.currency.code,
        decimals: row.currency.decimals,
        balance: row.balance.toString(),
      })),
    };
  }

  /** Takes over a saved state. The list of rows stays the same object; rows themselves are new. */
  loadState(state: LedgerState): void {
    this.#rows.length = 0;
    this.#currencies.clear();
    this.#cashRows.length = 0;
    for (const place of this.#places) place.row = null;
    this.#pending = 0;
    this.#history = [];
    for (const row of state.rows) {
      const place = this.#places[this.handleOf(row.kind, row.account, makeCurrency(row.currency, row.decimals))]!;
      this.#open(place).balance = BigInt(row.balance);
    }
    this.#sequence = state.sequence;
  }

  #handle(kind: LedgerAccountKind, account: AccountIndex, currency: string): LedgerHandle | undefined {
    return this.#handles[account]?.get(kind)?.get(currency);
  }

  /** The first amount posted to a ledger account makes its row. */
  #open(place: Place): WritableRow {
    const { kind, account, currency } = place;
    const first = this.#currencies.get(currency.code);
    assert(first === undefined || first.decimals === currency.decimals, `${currency.code} has two scales`);
    if (first === undefined) this.#currencies.set(currency.code, currency);
    const row: WritableRow = { kind, account, currency, balance: 0n };
    place.row = row;
    this.#rows.push(row);
    if (kind === 'CASH') {
      while (this.#cashRows.length <= account) this.#cashRows.push([]);
      this.#cashRows[account]!.push(row);
    }
    return row;
  }

  #assertBalanced(reason: string, count: number): void {
    for (let first = 0; first < count; first += 1) {
      const { code } = this.#pendingPlaces[first]!.currency;
      if (this.#isSummed(code, first)) continue;
      let sum = this.#pendingAmounts[first]!;
      for (let at = first + 1; at < count; at += 1) {
        if (this.#pendingPlaces[at]!.currency.code === code) sum += this.#pendingAmounts[at]!;
      }
      if (sum !== 0n) throw new InvariantError(`ledger: ${reason} leaves ${sum} of ${code}`);
    }
  }

  /** True where an entry before `end` was in the currency: it has been summed with that. */
  #isSummed(code: string, end: number): boolean {
    for (let at = 0; at < end; at += 1) if (this.#pendingPlaces[at]!.currency.code === code) return true;
    return false;
  }

  #remember(ts: number, reason: string, count: number): void {
    const entries = this.#pendingPlaces
      .slice(0, count)
      .map(({ kind, account, currency }, at) => ({ kind, account, currency, amount: this.#pendingAmounts[at]! }));
    this.#history.push({ sequence: this.#sequence, ts, reason, entries });
    // Dropped in halves, so that forgetting costs nothing per transaction.
    if (this.#history.length >= this.#historyMax * 2) this.#history = this.#history.slice(-this.#historyMax);
  }
}
