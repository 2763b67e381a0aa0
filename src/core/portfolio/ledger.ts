import { assert } from '../../base/assert.ts';
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
export interface LedgerTransaction {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Microseconds since the epoch. */
  readonly ts: number;
  readonly reason: string;
  readonly entries: readonly LedgerEntry[];
}

/** A ledger account and its balance. Read it, do not write it: the ledger keeps the same object for its life. */
export interface LedgerRow {
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

type WritableRow = { -readonly [K in keyof LedgerRow]: LedgerRow[K] };

/** Transactions that are kept for {@link Ledger.transactionsSince} unless told otherwise; older ones are forgotten, balances never. */
export const LEDGER_HISTORY_MAX = 0;

/**
 * Double entry in many currencies. A transaction whose entries do not sum to zero in each currency is a bug of ours and stops the program.
 *
 * Only balances are kept, and the newest `historyMax` transactions. Rows are in order of first use, which is deterministic.
 */
export class Ledger {
  readonly #historyMax: number;
  readonly #rows: WritableRow[] = [];
  readonly #rowByKey = new Map<string, WritableRow>();
  readonly #currencies = new Map<string, Currency>();
  readonly #cashRows = new Map<AccountIndex, LedgerRow[]>();
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
    assertBalanced(reason, entries);
    for (const entry of entries) this.#row(entry.kind, entry.account, entry.currency).balance += entry.amount;
    this.#sequence += 1;
    if (this.#historyMax > 0) {
      this.#history.push({ sequence: this.#sequence, ts, reason, entries });
      // Dropped in halves, so that forgetting costs nothing per transaction.
      if (this.#history.length >= this.#historyMax * 2) this.#history = this.#history.slice(-this.#historyMax);
    }
    return this.#sequence;
  }

  balance(kind: LedgerAccountKind, account: AccountIndex, currency: string): Money {
    return this.#rowByKey.get(keyOf(kind, account, currency))?.balance ?? 0n;
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
    return this.#cashRows.get(account) ?? [];
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
    this.#rowByKey.clear();
    this.#currencies.clear();
    this.#cashRows.clear();
    this.#history = [];
    for (const row of state.rows) this.#row(row.kind, row.account, makeCurrency(row.currency, row.decimals)).balance = BigInt(row.balance);
    this.#sequence = state.sequence;
  }

  #row(kind: LedgerAccountKind, account: AccountIndex, currency: Currency): WritableRow {
    const key = keyOf(kind, account, currency.code);
    const known = this.#rowByKey.get(key);
    if (known !== undefined) {
      assert(known.currency.decimals === currency.decimals, `${currency.code} has two scales`);
      return known;
    }
    const first = this.#currencies.get(currency.code);
    assert(first === undefined || first.decimals === currency.decimals, `${currency.code} has two scales`);
    if (first === undefined) this.#currencies.set(currency.code, currency);
    const row: WritableRow = { kind, account, currency, balance: 0n };
    this.#rowByKey.set(key, row);
    this.#rows.push(row);
    if (kind === 'CASH') {
      const cashRows = this.#cashRows.get(account);
      if (cashRows === undefined) this.#cashRows.set(account, [row]);
      else cashRows.push(row);
    }
    return row;
  }
}

function keyOf(kind: LedgerAccountKind, account: AccountIndex, currency: string): string {
  return `${kind}|${account}|${currency}`;
}

function assertBalanced(reason: string, entries: readonly LedgerEntry[]): void {
  for (const entry of entries) {
    let sum = 0n;
    for (const other of entries) if (other.currency.code === entry.currency.code) sum += other.amount;
    assert(sum === 0n, `ledger: ${reason} leaves ${sum} of ${entry.currency.code}`);
  }
}
