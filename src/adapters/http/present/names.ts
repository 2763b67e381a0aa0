import { HttpRefusal } from '../refusal.ts';
import type { LimitScope as NamedLimitScope, Scope } from '../../../contract/api/risk.ts';
import { formatDecimalShort } from '../../../base/decimal.ts';
import type { Currency, Money } from '../../../model/currency.ts';
import type { Instrument, Price, Quantity } from '../../../model/instrument.ts';
import type { LimitScope, TradingScope } from '../../../model/trading-state.ts';
import type { SessionView, StrategyView } from '../../../ports/session-view.ts';

/*
 * From names to places in the session's lists and back; and from exact counts to decimal texts.
 */

/** @throws HttpRefusal where there is none */
export function instrumentNamed(view: SessionView, name: string): Instrument {
  const instrument = view.instrumentOf(name);
  if (instrument === undefined) throw new HttpRefusal('INSTRUMENT_UNKNOWN', 'There is no such instrument.');
  return instrument;
}

/** @throws HttpRefusal where there is none */
export function strategyNamed(view: SessionView, name: string): StrategyView {
  const strategy = view.strategies().find((each) => each.name === name);
  if (strategy === undefined) throw new HttpRefusal('STRATEGY_UNKNOWN', 'There is no such strategy.');
  return strategy;
}

/** Null for what the venue did of its own accord. */
export function strategyName(view: SessionView, strategy: number): string | null {
  return view.strategyNameOf(strategy);
}

export function orderNumber(name: string): number {
  return Number(name.slice(2));
}

export function scopeNamed(view: SessionView, scope: Scope): TradingScope {
  switch (scope.kind) {
    case 'FIRM':
      return { kind: 'FIRM' };
    case 'ACCOUNT': {
      if (!view.accounts().some(({ venue }) => venue === scope.venue))
        throw new HttpRefusal('VENUE_UNKNOWN', 'There is no account at this venue.');
      return { kind: 'ACCOUNT', venue: scope.venue };
    }
    case 'STRATEGY':
      return { kind: 'STRATEGY', strategy: strategyNamed(view, scope.strategy).index };
    default:
      return { kind: 'INSTRUMENT', instrument: instrumentNamed(view, scope.instrument).index };
  }
}

export function limitScopeNamed(view: SessionView, scope: NamedLimitScope): LimitScope {
  if (scope.kind !== 'INSTRUMENT') return scopeNamed(view, scope) as LimitScope;
  const strategy = scope.strategy === undefined ? null : strategyNamed(view, scope.strategy).index;
  return { kind: 'INSTRUMENT', instrument: instrumentNamed(view, scope.instrument).index, strategy };
}

export function limitScopeOf(view: SessionView, scope: LimitScope): NamedLimitScope {
  if (scope.kind !== 'INSTRUMENT') return scopeOf(view, scope) as NamedLimitScope;
  const own = scope.strategy === null ? {} : { strategy: strategyName(view, scope.strategy) ?? String(scope.strategy) };
  return { kind: 'INSTRUMENT', instrument: view.instruments[scope.instrument]!.id, ...own };
}

/** As the view of limits names it. */
export function limitScopeText(view: SessionView, scope: LimitScope): string {
  switch (scope.kind) {
    case 'FIRM':
      return 'firm';
    case 'ACCOUNT':
      return `account ${scope.venue}`;
    case 'STRATEGY':
      return `strategy ${strategyName(view, scope.strategy) ?? scope.strategy}`;
    default: {
      const instrument = `instrument ${view.instruments[scope.instrument]!.id}`;
      return scope.strategy === null ? instrument : `strategy ${strategyName(view, scope.strategy) ?? scope.strategy}, ${instrument}`;
    }
  }
}

export function scopeOf(view: SessionView, scope: TradingScope): Scope {
  switch (scope.kind) {
    case 'STRATEGY':
      return { kind: 'STRATEGY', strategy: strategyName(view, scope.strategy) ?? String(scope.strategy) };
    case 'INSTRUMENT':
      return { kind: 'INSTRUMENT', instrument: view.instruments[scope.instrument]!.id };
    default:
      return scope;
  }
}

/** All decimals of the instrument, so that a column of prices stands in line. */
export function priceText(instrument: Instrument, price: Price): string {
  return formatDecimalShort(price, instrument.priceDecimals, Math.min(instrument.priceDecimals, incrementDecimals(instrument)));
}

export function quantityText(instrument: Instrument, quantity: Quantity): string {
  return formatDecimalShort(quantity, instrument.quantityDecimals);
}

/** At least the decimals that people write of the currency. */
export function moneyText(currency: Currency, amount: Money): string {
  return formatDecimalShort(amount, currency.decimals, Math.min(currency.decimals, currency.displayDecimals));
}

/** Decimals that a multiple of the price increment can have. */
function incrementDecimals({ priceIncrement, priceDecimals }: Instrument): number {
  let increment = priceIncrement;
  let decimals = priceDecimals;
  while (decimals > 0 && increment % 10 === 0) {
    increment /= 10;
    decimals -= 1;
  }
  return decimals;
}
