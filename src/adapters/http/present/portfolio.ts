import { moneyText, priceText, quantityText, strategyName } from './names.ts';
import type { AccountSummary, Balance, EquityCurve, InstrumentPosition, Metrics, Position } from '../../../contract/api/portfolio.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { averagePriceText, POSITION_SIDE_NAMES } from '../../../model/position.ts';
import type { AccountView, PositionView, SessionView } from '../../../ports/session-view.ts';

export function positionOf(view: SessionView, { snapshot, markPx, value, unrealizedPnl }: PositionView): Position {
  const instrument = view.instruments[snapshot.instrument]!;
  const { settlement } = instrument;
  return {
    strategy: strategyName(view, snapshot.strategy),
    instrument: instrument.id,
    positionSide: POSITION_SIDE_NAMES[snapshot.positionSide] as Position['positionSide'],
    quantity: quantityText(instrument, snapshot.quantity),
    avgPx: snapshot.avgPx === null ? null : averagePriceText(snapshot.avgPx, instrument),
    markPx: markPx === null ? null : priceText(instrument, markPx),
    value: value === null ? null : moneyText(settlement, value),
    unrealizedPnl: unrealizedPnl === null ? null : moneyText(settlement, unrealizedPnl),
    realizedPnl: moneyText(settlement, snapshot.realizedPnl),
    commission: moneyText(settlement, snapshot.commission),
    funding: moneyText(settlement, snapshot.funding),
    dividend: moneyText(settlement, snapshot.dividend),
    currency: settlement.code,
    tsOpen: snapshot.quantity === 0 ? null : snapshot.openTs,
  };
}

export function instrumentPosition(view: SessionView, instrument: Instrument): InstrumentPosition {
  const held = view.positions().filter(({ snapshot }) => snapshot.instrument === instrument.index);
  const sum = (amounts: readonly (bigint | null)[]): string | null =>
    amounts.some((amount) => amount === null)
      ? null
      : moneyText(
          instrument.settlement,
          amounts.reduce<bigint>((total, amount) => total + amount!, 0n),
        );
  return {
    instrument: instrument.id,
    quantity: quantityText(
      instrument,
      held.reduce((total, { snapshot }) => total + snapshot.quantity, 0),
    ),
    value: sum(held.map(({ value }) => value)),
    unrealizedPnl: sum(held.map(({ unrealizedPnl }) => unrealizedPnl)),
    currency: instrument.settlement.code,
    items: held.map((position) => positionOf(view, position)),
  };
}

export function balancesOf(view: SessionView): readonly Balance[] {
  return view.accounts().flatMap(({ venue, balances }) =>
    balances.map(({ currency, total, locked, free }) => {
      const written = (amount: bigint | null): string | null =>
        amount === null ? null : moneyText(view.currencies.get(currency)!, amount);
      return { venue, currency, total: moneyText(view.currencies.get(currency)!, total), locked: written(locked), free: written(free) };
    }),
  );
}

export function accountSummary(view: SessionView, account: AccountView): AccountSummary {
  const { venue, type, baseCurrency, equity, equityStart, equityDayStart } = account;
  const since = (start: bigint | null): string | null =>
    equity === null || start === null ? null : moneyText(baseCurrency, equity.amount - start);
  const isHere = (instrument: number): boolean => view.instruments[instrument]!.venue === venue;
  return {
    venue,
    type: type as AccountSummary['type'],
    currency: baseCurrency.code,
    tsEquity: equity?.ts ?? null,
    equity: equity === null ? null : moneyText(baseCurrency, equity.amount),
    pnl: since(equityStart),
    pnlToday: since(equityDayStart),
    openPositions: view.positions().filter(({ snapshot }) => snapshot.quantity !== 0 && isHere(snapshot.instrument)).length,
    openOrders: view.openOrders().filter(({ instrument }) => isHere(instrument)).length,
  };
}

/** The figures that have a field of their own. */
const NAMED = ['sharpeRatio', 'maxDrawdown', 'winRate', 'profitFactor', 'tradeCount'] as const;

export function metricsOf(view: SessionView, { index, venue }: AccountView): Metrics {
  const { values, reasons } = view.metrics(index);
  const figure = (name: string): number | null => {
    const value = values[name];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const others = Object.keys(values).filter((name) => !(NAMED as readonly string[]).includes(name));
  return {
    venue,
    sharpeRatio: figure('sharpeRatio'),
    maxDrawdown: figure('maxDrawdown'),
    winRate: figure('winRate'),
    profitFactor: figure('profitFactor'),
    tradeCount: figure('tradeCount'),
    more: Object.fromEntries(others.map((name) => [name, figure(name)])),
    undefined: { ...reasons },
  };
}

export function equityCurveOf(view: SessionView, { index, venue, baseCurrency }: AccountView): EquityCurve {
  const { ts, value } = view.equityCurve(index);
  return { venue, currency: baseCurrency.code, ts: [...ts], value: [...value] };
}
