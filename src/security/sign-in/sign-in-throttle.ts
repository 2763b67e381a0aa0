const SECOND_US = 1e6;

/** Accounts, addresses and pairs of both whose failures are remembered, each. */
export const THROTTLE_ENTRIES_MAX = 100_000;

interface Terms {
  /** Failures before the first wait. */
  readonly free: number;
  readonly waitMaxUs: number;
  /** Failures are forgotten after so long without another. */
  readonly memoryUs: number;
}

/** One person at one keyboard: the wait doubles from a second to a quarter of an hour. */
const PAIR: Terms = { free: 5, waitMaxUs: 900 * SECOND_US, memoryUs: 24 * 3600 * SECOND_US };
/** One account from anywhere. The wait stays short, for it also hits the owner who comes from a new address: nobody can be locked out for ever. */
const ACCOUNT: Terms = { free: 20, waitMaxUs: 60 * SECOND_US, memoryUs: 24 * 3600 * SECOND_US };
/** One address at any account. */
const ADDRESS: Terms = { free: 50, waitMaxUs: 900 * SECOND_US, memoryUs: 24 * 3600 * SECOND_US };

class Failures {
  private readonly terms: Terms;
  /** In the order of their last failure. */
  private readonly entries = new Map<string, { count: number; ts: number }>();

  constructor(terms: Terms) {
    this.terms = terms;
  }

  /** Microseconds until the next try is let through; 0 for now. */
  waitUs(key: string, now: number): number {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.count < this.terms.free) return 0;
    const waitUs = Math.min(SECOND_US * 2 ** Math.min(entry.count - this.terms.free, 40), this.terms.waitMaxUs);
    return Math.max(0, entry.ts + waitUs - now);
  }

  add(key: string, now: number): void {
    const entry = this.entries.get(key);
    const count = entry === undefined || now - entry.ts > this.terms.memoryUs ? 0 : entry.count;
    this.entries.delete(key);
    this.entries.set(key, { count: count + 1, ts: now });
    if (this.entries.size > THROTTLE_ENTRIES_MAX) this.entries.delete(this.entries.keys().next().value!);
  }

  takeBack(key: string): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    if (entry.count > 1) entry.count -= 1;
    else this.entries.delete(key);
  }

  forget(key: string): void {
    this.entries.delete(key);
  }
}

/**
 * Slows guessing down. Every try counts as a failure before it is judged, so that many at once are not all let through; a success takes that back. A try
 * while waiting is refused and not counted: waiting ends by itself.
 */
export class SignInThrottle {
  private readonly pairs = new Failures(PAIR);
  private readonly accounts = new Failures(ACCOUNT);
  private readonly addresses = new Failures(ADDRESS);

  /**
   * @param isKnownAddress the account was signed in to from there before: what others do to the account elsewhere does not count then
   * @returns microseconds to wait; 0 where the try may go on, and is counted
   */
  begin(account: string, address: string, isKnownAddress: boolean, now: number): number {
    const pair = pairOf(account, address);
    const ofAccount = isKnownAddress ? 0 : this.accounts.waitUs(account, now);
    const ofAddress = isKnownAddress ? 0 : this.addresses.waitUs(address, now);
    const waitUs = Math.max(this.pairs.waitUs(pair, now), ofAccount, ofAddress);
    if (waitUs > 0) return waitUs;
    this.pairs.add(pair, now);
    this.accounts.add(account, now);
    this.addresses.add(address, now);
    return 0;
  }

  /** The try was no guess: it is as if it had not been. */
  takeBack(account: string, address: string): void {
    this.pairs.takeBack(pairOf(account, address));
    this.accounts.takeBack(account);
    this.addresses.takeBack(address);
  }

  /** The owner was here: their own mistakes are forgotten, those of others are not. */
  succeeded(account: string, address: string): void {
    this.takeBack(account, address);
    this.pairs.forget(pairOf(account, address));
  }
}

/**
 * What tries are counted under. A reset of the user raises the epoch, in whichever process, and so ends their waiting in every one. An unknown name counts
 * like one that was never changed.
 */
export function throttledAccount(name: string, accessEpoch: number | undefined): string {
  return `${name} ${accessEpoch ?? 1}`;
}

function pairOf(account: string, address: string): string {
  return `${account}\n${address}`;
}
