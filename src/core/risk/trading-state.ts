import { unreachable } from '../../base/assert.ts';
import type { Instrument } from '../../model/instrument.ts';
import { type TradingScope, TradingState, type TradingSwitch } from '../../model/trading-state.ts';

/** The switches of all scopes that are not ACTIVE. */
export type TradingStatesState = readonly TradingSwitch[];

/** Writes a scope for people: `firm`, `account BINANCE`, `strategy 0`, `instrument BTC-USDT.BINANCE`. */
export function scopeText(scope: TradingScope, instruments: readonly Instrument[]): string {
  switch (scope.kind) {
    case 'FIRM':
      return 'firm';
    case 'ACCOUNT':
      return `account ${scope.venue}`;
    case 'STRATEGY':
      return `strategy ${scope.strategy}`;
    case 'INSTRUMENT':
      return `instrument ${instruments[scope.instrument]?.id ?? scope.instrument}`;
    default:
      return unreachable(scope);
  }
}

/** True where an order of the strategy in the instrument is within the scope. */
function isInScope(scope: TradingScope, strategy: number, instrument: Instrument): boolean {
  switch (scope.kind) {
    case 'FIRM':
      return true;
    case 'ACCOUNT':
      return scope.venue === instrument.venue;
    case 'STRATEGY':
      return scope.strategy === strategy;
    case 'INSTRUMENT':
      return scope.instrument === instrument.index;
    default:
      return unreachable(scope);
  }
}

/**
 * The trading states of all scopes. Only scopes that are not ACTIVE are listed, so in ordinary times a decision looks at one empty list.
 */
export class TradingStates {
  #switches: readonly TradingSwitch[] = [];

  /** Scopes that are not ACTIVE. Another list whenever something has changed. */
  get switches(): readonly TradingSwitch[] {
    return this.#switches;
  }

  /** False where the scope is killed: only {@link release} ends that. */
  set(scope: TradingScope, state: TradingState): boolean {
    const found = this.#find(scope);
    if (found?.isKilled === true) return false;
    this.#replace(scope, state === TradingState.ACTIVE ? null : { scope, state, isKilled: false, isFlattening: false });
    return true;
  }

  kill(scope: TradingScope, isFlattening: boolean): void {
    this.#replace(scope, { scope, state: TradingState.HALTED, isKilled: true, isFlattening });
  }

  /** Ends a kill; false where there was none. */
  release(scope: TradingScope): boolean {
    if (this.#find(scope)?.isKilled !== true) return false;
    this.#replace(scope, null);
    return true;
  }

  stateOf(scope: TradingScope): TradingState {
    return this.#find(scope)?.state ?? TradingState.ACTIVE;
  }

  isKilled(scope: TradingScope): boolean {
    return this.#find(scope)?.isKilled ?? false;
  }

  /** First scope in that state that an order of the strategy in the instrument is within; null for none. */
  scopeIn(state: TradingState, strategy: number, instrument: Instrument): TradingScope | null {
    for (const entry of this.#switches) if (entry.state === state && isInScope(entry.scope, strategy, instrument)) return entry.scope;
    return null;
  }

  /** True where every halt that covers the order permits flattening. */
  permitsFlattening(strategy: number, instrument: Instrument): boolean {
    return this.#switches.every(
      (entry) => entry.state !== TradingState.HALTED || entry.isFlattening || !isInScope(entry.scope, strategy, instrument),
    );
  }

  /** True where some kill asks for positions to be flattened. Asked after every report: nearly always there is none. */
  get isFlattening(): boolean {
    for (let at = 0; at < this.#switches.length; at += 1) if (this.#switches[at]!.isFlattening) return true;
    return false;
  }

  /** True where some kill asks for the position to be flattened and none forbids it. */
  wantsFlattening(strategy: number, instrument: Instrument): boolean {
    return (
      this.#switches.some((entry) => entry.isFlattening && isInScope(entry.scope, strategy, instrument)) &&
      this.permitsFlattening(strategy, instrument)
    );
  }

  saveState(): TradingStatesState {
    return this.#switches.map((entry) => ({ ...entry, scope: { ...entry.scope } }));
  }

  loadState(switches: TradingStatesState): void {
    this.#switches = switches.map((entry) => ({ ...entry }));
  }

  #find(scope: TradingScope): TradingSwitch | undefined {
    return this.#switches.find((entry) => isSameScope(entry.scope, scope));
  }

  #replace(scope: TradingScope, entry: TradingSwitch | null): void {
    const others = this.#switches.filter((old) => !isSameScope(old.scope, scope));
    this.#switches = entry === null ? others : [...others, entry];
  }
}

export function isSameScope(a: TradingScope, b: TradingScope): boolean {
  if (a.kind === 'ACCOUNT' && b.kind === 'ACCOUNT') return a.venue === b.venue;
  if (a.kind === 'STRATEGY' && b.kind === 'STRATEGY') return a.strategy === b.strategy;
  if (a.kind === 'INSTRUMENT' && b.kind === 'INSTRUMENT') return a.instrument === b.instrument;
  return a.kind === 'FIRM' && b.kind === 'FIRM';
}
