import type { WholeNumbers } from '../../base/whole-numbers.ts';
import type { AccountIndex, LedgerAccountKind } from '../../model/account.ts';
import type { Currency, Money } from '../../model/currency.ts';

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

/** Names a ledger account of one `Ledger` for its life: what the hot path posts to instead of kind, account and currency. */
export type LedgerHandle = number;

/** Three ledger accounts of one currency, in the order in which `Ledger.postThree` is told their amounts. */
export interface LedgerTriple {
  readonly first: LedgerHandle;
  readonly second: LedgerHandle;
  readonly third: LedgerHandle;
}

/** What a handle stands for. */
export interface LedgerPlace {
  readonly kind: LedgerAccountKind;
  readonly account: AccountIndex;
  readonly currency: Currency;
  /** Once something has been posted to it. */
  row: LedgerRow | null;
}

/** A ledger account and its balance, which is looked up when it is read: the ledger keeps the same object for its life. */
export class LedgerRow {
  readonly kind: LedgerAccountKind;
  readonly account: AccountIndex;
  readonly currency: Currency;
  readonly #handle: LedgerHandle;
  readonly #balances: WholeNumbers;

  constructor({ kind, account, currency }: LedgerPlace, handle: LedgerHandle, balances: WholeNumbers) {
    this.kind = kind;
    this.account = account;
    this.currency = currency;
    this.#handle = handle;
    this.#balances = balances;
  }

  get balance(): Money {
    return this.#balances.get(this.#handle);
  }

  /** The double nearest to the balance: itself where it is a safe integer. */
  get balanceDouble(): number {
    return this.#balances.nearest(this.#handle);
  }
}
