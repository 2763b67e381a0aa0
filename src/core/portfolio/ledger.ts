import { assert, InvariantError } from '../../base/assert.ts';
import { isExact } from '../../base/exact-integer.ts';
import { WholeNumbers } from '../../base/whole-numbers.ts';
import type { AccountIndex, LedgerAccountKind } from '../../model/account.ts';
import { type Currency, type Money, makeCurrency } from '../../model/currency.ts';
import {
  type LedgerEntry,
  type LedgerHandle,
  type LedgerPlace,
  LedgerRow,
  type LedgerState,
  type LedgerTransaction,
  type LedgerTriple,
} from './ledger-records.ts';

/** Transactions that are kept for {@link Ledger.transactionsSince} unless told otherwise; older ones are forgotten, balances never. */
export const LEDGER_HISTORY_DEFAULT = 0;

/** Places that the columns begin with; they double when those are used up. */
const HANDLES_AT_FIRST = 32;
const PENDING_AT_FIRST = 8;

const NO_ROWS: readonly LedgerRow[] = Object.freeze([]);

/**
 * Double entry in many currencies. A transaction whose entries do not sum to zero in each currency is a bug of ours and stops the program.
 *
 * Only balances are kept, and the newest `historyMax` transactions. Rows are in order of first use, which is deterministic.
 */
export class Ledger {
  readonly #historyMax: number;
  readonly #rows: LedgerRow[] = [];
  readonly #currencies = new Map<string, Currency>();
  readonly #cashRows: LedgerRow[][] = [];
  /** By handle. */
  readonly #places: LedgerPlace[] = [];
  /** By account: kind, then currency code. */
  readonly #handles: Map<LedgerAccountKind, Map<string, LedgerHandle>>[] = [];
  /** By handle; NaN also where nothing has been posted yet, so that the first amount goes the way that makes a row. */
  readonly #balances = new WholeNumbers(HANDLES_AT_FIRST);
  /** By handle: the first handle in the same currency. */
  readonly #currencyOf: LedgerHandle[] = [];
  /** By first handle of a currency: what a transaction leaves of it. All zero between transactions. */
  #sums = new Float64Array(HANDLES_AT_FIRST);
  /** The entries of the transaction that is being put together: the first `#pending` of both columns. */
  readonly #pendingHandles: LedgerHandle[] = [];
  readonly #pendingAmounts = new WholeNumbers(PENDING_AT_FIRST);
  #pending = 0;
  #history: LedgerTransaction[] = [];
  #sequence = 0;

  constructor(historyMax: number = LEDGER_HISTORY_DEFAULT) {
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
    this.#currencyOf.push(this.#places.findIndex((place) => place.currency.code === currency.code));
    if (handle === this.#sums.length) this.#growHandles();
    this.#balances.doubles[handle] = Number.NaN;
    while (this.#handles.length <= account) this.#handles.push(new Map());
    const ofKind = this.#handles[account]!.get(kind);
    if (ofKind === undefined) this.#handles[account]!.set(kind, new Map([[currency.code, handle]]));
    else ofKind.set(currency.code, handle);
    return handle;
  }

  /** Adds an entry to the transaction that the next {@link commit} books. */
  add(handle: LedgerHandle, amount: Money): void {
    this.addExact(handle, 0);
    this.#pendingAmounts.set(this.#pending - 1, amount);
  }

  /** As {@link add}, of a safe integer. Hot, as {@link commit} is: a fill posts without making an object. */
  addExact(handle: LedgerHandle, amount: number): void {
    const at = this.#pending;
    if (at === this.#pendingAmounts.doubles.length) this.#pendingAmounts.grow();
    this.#pendingHandles[at] = handle;
    this.#pendingAmounts.doubles[at] = amount;
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
    if (!this.#bookInDoubles(count)) this.#book(reason, count);
    this.#sequence += 1;
    if (this.#historyMax > 0) this.#remember(ts, reason, count);
    return this.#sequence;
  }

  /** @throws InvariantError where they are not of one currency */
  tripleOf(first: LedgerHandle, second: LedgerHandle, third: LedgerHandle): LedgerTriple {
    const currency = this.#currencyOf[first];
    assert(this.#currencyOf[second] === currency && this.#currencyOf[third] === currency, 'three ledger accounts of one currency');
    return { first, second, third };
  }

  /**
   * Books a transaction of three entries, of which the second and the third are left out where they are 0. Hot: most fills are no more
   * than this, and nothing is put together for it. The sum is proven as everywhere.
   *
   * @returns false where an account has no row yet, where a number is not a safe integer or where history is kept: nothing is booked then,
   *   and the entries are to be added one by one
   * @throws InvariantError when they do not sum to zero; nothing is booked then
   */
  postThree(of: LedgerTriple, first: number, second: number, third: number, reason: string): boolean {
    const { doubles } = this.#balances;
    const balance1 = doubles[of.first]! + first;
    const balance2 = second === 0 ? 0 : doubles[of.second]! + second;
    const balance3 = third === 0 ? 0 : doubles[of.third]! + third;
    const size = Math.abs(first) + Math.abs(second) + Math.abs(third) + Math.abs(balance1) + Math.abs(balance2) + Math.abs(balance3);
    if (!isExact(size) || this.#historyMax > 0) return false;
    const left = first + second + third;
    if (left !== 0) throw new InvariantError(`ledger: ${reason} leaves ${left} of ${this.#places[of.first]!.currency.code}`);
    doubles[of.first] = balance1;
    if (second !== 0) doubles[of.second] = balance2;
    if (third !== 0) doubles[of.third] = balance3;
    this.#sequence += 1;
    return true;
  }

  balance(kind: LedgerAccountKind, account: AccountIndex, currency: string): Money {
    const handle = this.#handle(kind, account, currency);
    return handle === undefined ? 0n : this.balanceAt(handle);
  }

  balanceAt(handle: LedgerHandle): Money {
    return this.#places[handle]!.row === null ? 0n : this.#balances.get(handle);
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
    this.#balances.doubles.fill(Number.NaN);
    this.#pending = 0;
    this.#history = [];
    for (const row of state.rows) {
      const handle = this.handleOf(row.kind, row.account, makeCurrency(row.currency, row.decimals));
      this.#open(handle);
      this.#balances.set(handle, BigInt(row.balance));
    }
    this.#sequence = state.sequence;
  }

  #handle(kind: LedgerAccountKind, account: AccountIndex, currency: string): LedgerHandle | undefined {
    return this.#handles[account]?.get(kind)?.get(currency);
  }

  /**
   * Books the pending entries where their accounts have rows and every number on the way is a safe integer: no balance and no sum is larger
   * than `size`.
   *
   * @returns false where that is not so or a currency does not sum to zero; nothing is booked then
   */
  #bookInDoubles(count: number): boolean {
    const handles = this.#pendingHandles;
    const amounts = this.#pendingAmounts.doubles;
    const balances = this.#balances.doubles;
    const currencyOf = this.#currencyOf;
    const sums = this.#sums;
    let size = 0;
    for (let at = 0; at < count; at += 1) {
      const handle = handles[at]!;
      sums[currencyOf[handle]!]! += amounts[at]!;
      size += Math.abs(amounts[at]!) + Math.abs(balances[handle]!);
    }
    let left = 0;
    for (let at = 0; at < count; at += 1) {
      const currency = currencyOf[handles[at]!]!;
      left += Math.abs(sums[currency]!);
      sums[currency] = 0;
    }
    if (left !== 0 || !isExact(size)) return false;
    for (let at = 0; at < count; at += 1) balances[handles[at]!]! += amounts[at]!;
    return true;
  }

  /** Books the pending entries, whatever their size. */
  #book(reason: string, count: number): void {
    this.#assertBalanced(reason, count);
    for (let at = 0; at < count; at += 1) {
      const handle = this.#pendingHandles[at]!;
      if (this.#places[handle]!.row === null) this.#open(handle);
      this.#balances.set(handle, this.#balances.get(handle) + this.#pendingAmounts.get(at));
    }
  }

  /** The first amount posted to a ledger account makes its row. */
  #open(handle: LedgerHandle): void {
    const place = this.#places[handle]!;
    const { account, currency } = place;
    const first = this.#currencies.get(currency.code);
    assert(first === undefined || first.decimals === currency.decimals, `${currency.code} has two scales`);
    if (first === undefined) this.#currencies.set(currency.code, currency);
    const row = new LedgerRow(place, handle, this.#balances);
    place.row = row;
    this.#balances.doubles[handle] = 0;
    this.#rows.push(row);
    if (place.kind !== 'CASH') return;
    while (this.#cashRows.length <= account) this.#cashRows.push([]);
    this.#cashRows[account]!.push(row);
  }

  #assertBalanced(reason: string, count: number): void {
    const left = new Map<string, Money>();
    for (let at = 0; at < count; at += 1) {
      const { code } = this.#places[this.#pendingHandles[at]!]!.currency;
      left.set(code, (left.get(code) ?? 0n) + this.#pendingAmounts.get(at));
    }
    for (const [code, sum] of left) if (sum !== 0n) throw new InvariantError(`ledger: ${reason} leaves ${sum} of ${code}`);
  }

  #remember(ts: number, reason: string, count: number): void {
    const entries = this.#pendingHandles.slice(0, count).map((handle, at) => {
      const { kind, account, currency } = this.#places[handle]!;
      return { kind, account, currency, amount: this.#pendingAmounts.get(at) };
    });
    this.#history.push({ sequence: this.#sequence, ts, reason, entries });
    // Dropped in halves, so that forgetting costs nothing per transaction.
    if (this.#history.length >= this.#historyMax * 2) this.#history = this.#history.slice(-this.#historyMax);
  }

  #growHandles(): void {
    this.#balances.grow();
    this.#sums = new Float64Array(this.#balances.doubles.length);
  }
}
