import type { VenueDesks } from './venue-desks.ts';
import type { Engine } from '../core/engine.ts';
import { ANY_PRICE, type PriceBand } from '../core/host/dispatch.ts';
import { isMoney } from '../core/portfolio/account-valuation.ts';
import type { MarginGauge } from '../core/portfolio/margin-gauge.ts';
import { bigPowerOfTen } from '../base/decimal.ts';
import type { AccountDefinition, AccountIndex } from '../model/account.ts';
import type { MarketBlock } from '../model/blocks.ts';
import type { Currency, Money } from '../model/currency.ts';
import type { InstrumentIndex, Price } from '../model/instrument.ts';
import { notionalDouble, notionalValue } from '../model/valuation.ts';

const NO_ACCOUNTS: readonly AccountIndex[] = [];

/** Part of the computed distance that is trusted: doubles are good to 15 digits, so this is far on the safe side. */
const SAFE_PART = 0.999;

/**
 * Watches margin accounts that hold something: when equity no longer exceeds the maintenance margin, the venue cancels the account's orders,
 * closes every position at the price just seen (of a bar: its close), and a deficit that is left is written off under its own name.
 *
 * The exact check costs microseconds, so it is not made at every tick: after each check a band of prices is computed for every instrument
 * held, within which the account cannot come to its limit even if all of them move against it at once. The core takes rows up to the
 * first whose price lies outside the band; there the exact check is made and the bands are computed again.
 *
 * Bands are all that is remembered, and what is decided does not depend on them: nothing of it is saved. Whoever loads a state into the
 * engine says {@link invalidate}.
 */
export class Liquidations {
  private readonly engine: Engine;
  private readonly gauge: MarginGauge;
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  /** The bands of an instrument hold while this is {@link epoch}: to end them all is to begin a new one. */
  private readonly bandEpoch: Int32Array;
  private epoch = 1;
  private readonly band = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  /** Instruments whose price is also a rate: what converts between currencies, and what is delivered. */
  private readonly isRate: readonly boolean[];
  /** By instrument: of the account that holds it. */
  private readonly isMargined: readonly boolean[];
  private readonly isHedging: readonly boolean[];
  /** Margin accounts whose equity hangs on rates besides the prices of what they hold; null: not worked out since the last change. */
  private rateAccounts: readonly AccountIndex[] | null = null;

  /** @param conversions instruments that were named for converting */
  constructor(engine: Engine, conversions: readonly InstrumentIndex[] = []) {
    this.engine = engine;
    this.gauge = engine.portfolio.valuation.gauge;
    this.isMargined = engine.instruments.map(({ index }) => this.accountOf(index).type === 'MARGIN');
    this.isHedging = engine.instruments.map(({ index }) => this.accountOf(index).positionMode === 'HEDGING');
    this.isRate = engine.instruments.map(({ index, isDelivered }) => isDelivered || conversions.includes(index));
    this.low = new Float64Array(engine.instruments.length);
    this.high = new Float64Array(engine.instruments.length);
    this.bandEpoch = new Int32Array(engine.instruments.length);
  }

  /** Something other than a price has changed (a fill, a dividend, funding): the bands hold no more. */
  invalidate(): void {
    this.rateAccounts = null;
    this.epoch = (this.epoch + 1) | 0;
  }

  /** True where a price of this instrument is also a rate that an account's equity hangs on: then the check is made at every row. */
  checksEveryRow(instrument: InstrumentIndex): boolean {
    return this.ratedAccounts(instrument).length > 0;
  }

  /** Prices of the instrument at which no check is needed. The same object is written anew at the next call. */
  bandOf(instrument: InstrumentIndex): PriceBand {
    // Bands are of what is held and end with every fill: while they hold, nobody asks what is held.
    if (this.bandEpoch[instrument] !== this.epoch) {
      if (!this.watches(instrument)) return ANY_PRICE;
      this.setBands(this.engine.portfolio.accountOf(instrument));
    }
    const { band } = this;
    // No price is at or below zero: a long position that is worth less than the slack needs no look at all.
    const low = this.low[instrument]!;
    band.low = low <= 0 ? Number.NEGATIVE_INFINITY : low;
    band.high = this.high[instrument]!;
    return band;
  }

  /** The accounts that have come to their limit with a row that has been handled. */
  due(block: MarketBlock): readonly AccountIndex[] {
    const { portfolio } = this.engine;
    const { instrument } = block;
    const rated = this.ratedAccounts(instrument);
    const isOwnDue = !this.isWithinBand(instrument) && this.watches(instrument);
    // Nearly always the account of the instrument is all there is to ask about.
    if (rated.length === 0)
      return isOwnDue && this.isDue(portfolio.accountOf(instrument)) ? [portfolio.accountOf(instrument)] : NO_ACCOUNTS;
    const accounts = new Set(rated);
    if (isOwnDue) accounts.add(portfolio.accountOf(instrument));
    return [...accounts].filter((account) => this.isDue(account));
  }

  /**
   * Closes accounts: first the venue cancels their orders, which could fill against what is closed, and tells what is on its way; then
   * it closes what is held by then; at last what an account owes beyond what it had is written off.
   *
   * @param carryOut carries out effects and brings back reports, after each thing that the venue does
   */
  settle(accounts: readonly AccountIndex[], venues: VenueDesks, carryOut: () => void): void {
    const { engine } = this;
    for (const account of accounts) {
      const { venue } = engine.portfolio.account(account);
      engine.alert(
        'LIQUIDATION',
        `${venue}: equity has fallen to the maintenance margin; orders are canceled and every position is closed`,
      );
      venues.beginClosing(venue, engine.now);
      carryOut();
      for (const item of engine.portfolio.valuation.liquidationList(account)) {
        venues.close({ ...item, price: engine.cache.lastPrice(item.instrument), tag: 'liquidation' }, engine.now);
        carryOut();
      }
      venues.endClosing(venue);
      this.writeOff(account);
      carryOut();
    }
  }

  private isWithinBand(instrument: InstrumentIndex): boolean {
    // After every fill the bands are gone: then no price is asked for.
    if (this.bandEpoch[instrument] !== this.epoch) return false;
    const price = this.engine.cache.lastPrice(instrument);
    return price > this.low[instrument]! && price < this.high[instrument]!;
  }

  private isDue(account: AccountIndex): boolean {
    if (this.setClearBands(account)) return false;
    if (this.engine.portfolio.valuation.needsLiquidation(account) === true) return true;
    this.computeBands(account);
    return false;
  }

  private writeOff(account: AccountIndex): void {
    const { portfolio, now } = this.engine;
    const written = portfolio.writeOffDeficit(account, now);
    if (isMoney(written) && written > 0n) {
      this.engine.alert(
        'DEFICIT_WRITTEN_OFF',
        `${portfolio.account(account).venue}: the account owed more than it had; the rest is written off`,
      );
    }
  }

  private watches(instrument: InstrumentIndex): boolean {
    if (this.isMargined[instrument] !== true) return false;
    const { positions } = this.engine.portfolio;
    if (positions.venueQuantity(instrument) !== 0) return true;
    // Legs that hedge each other out are margined all the same.
    return this.isHedging[instrument] === true && positions.openInstruments().includes(instrument);
  }

  private accountOf(instrument: InstrumentIndex): AccountDefinition {
    const { portfolio } = this.engine;
    return portfolio.account(portfolio.accountOf(instrument));
  }

  /** The accounts that a price of this instrument may bring to their limit by way of a rate. */
  private ratedAccounts(instrument: InstrumentIndex): readonly AccountIndex[] {
    if (this.isRate[instrument] !== true) return NO_ACCOUNTS;
    this.rateAccounts ??= this.engine.instruments
      .map(({ index }) => this.engine.portfolio.accountOf(index))
      .filter((account, place, all) => all.indexOf(account) === place && this.needsRates(account));
    return this.rateAccounts;
  }

  private needsRates(account: AccountIndex): boolean {
    const { portfolio, instruments } = this.engine;
    const { type, baseCurrency } = portfolio.account(account);
    if (type !== 'MARGIN' || !portfolio.valuation.hasOpenPositions(account)) return false;
    const held = [...portfolio.positions.openInstruments()].filter((index) => portfolio.accountOf(index) === account);
    if (held.some((index) => !instruments[index]!.isDelivered && instruments[index]!.settlement.code !== baseCurrency.code)) return true;
    return portfolio.ledger
      .cashRows(account)
      .some(
        ({ balance, currency }) => balance !== 0n && currency.code !== baseCurrency.code && !this.isThingHeld(account, currency, balance),
      );
  }

  /** True where a balance is what one instrument's position delivered, and that instrument's price values it: its own band covers it. */
  private isThingHeld(account: AccountIndex, currency: Currency, balance: Money): boolean {
    const { portfolio, instruments } = this.engine;
    const [only, ...others] = instruments.filter(({ index, base }) => this.isRate[index]! && base.code === currency.code);
    if (only === undefined || others.length > 0 || portfolio.accountOf(only.index) !== account) return false;
    const units = BigInt(portfolio.positions.venueQuantity(only.index)) * bigPowerOfTen(currency.decimals - only.quantityDecimals);
    return only.quote.code === portfolio.account(account).baseCurrency.code && units === balance;
  }

  private setBands(account: AccountIndex): void {
    if (!this.setClearBands(account)) this.computeBands(account);
  }

  /**
   * Hot: the bands of an account that is clear of its limit by what doubles can tell; false where they cannot, and nothing is set.
   *
   * The same bands as {@link computeBands} makes, from figures in doubles: the slack is what is left after the bound on their error, and
   * {@link SAFE_PART} covers the few roundings here.
   */
  private setClearBands(account: AccountIndex): boolean {
    const { gauge } = this;
    if (!gauge.read(account)) return false;
    const slack = gauge.equity - gauge.maintenance - gauge.tolerance;
    if (!(slack > 0)) return false;
    for (let place = 0; place < gauge.openCount; place += 1) {
      const { instrument, quantity, mark, movesNoFasterThanValue } = gauge.open[place]!;
      const perCount = 2 * Math.abs(notionalDouble(instrument, 1, quantity));
      const radius = movesNoFasterThanValue ? Math.floor((SAFE_PART * slack) / gauge.openCount / perCount) : 0;
      this.setBand(instrument.index, mark, movesNoFasterThanValue ? quantity : 0, radius);
    }
    return true;
  }

  /** @param openWay which way earns money and is free: that of a position with this sign; 0 where neither is */
  private setBand(instrument: InstrumentIndex, price: Price, openWay: number, radius: number): void {
    this.low[instrument] = openWay < 0 ? Number.NEGATIVE_INFINITY : price - radius;
    this.high[instrument] = openWay > 0 ? Number.POSITIVE_INFINITY : price + radius;
    this.bandEpoch[instrument] = this.epoch;
  }

  /** Shares the account's slack among the instruments it holds; a missing price or rate leaves no band, so every row is checked. */
  private computeBands(account: AccountIndex): void {
    const { portfolio, instruments, cache } = this.engine;
    const { valuation, positions } = portfolio;
    const held = [...positions.openInstruments()].filter((index) => portfolio.accountOf(index) === account);
    const equity = valuation.equity(account);
    const margin = valuation.marginMaintenance(account);
    const hangsOnRates = this.needsRates(account);
    const slack = isMoney(equity) && isMoney(margin) ? Number(equity - margin) : 0;
    for (const index of held) {
      const instrument = instruments[index]!;
      const price = cache.lastPrice(index);
      // A move of one count costs at most the notional of one count, in equity and once more in margin.
      const perCount = valuation.toBase(
        account,
        BigInt(Math.abs(positions.venueQuantity(index))) * instrument.notionalFactor * 2n,
        instrument.settlement,
      );
      // An inverse contract's value is no straight line, and a hedged pair is margined on both legs: those are checked at every row.
      const isPlain = !instrument.isInverse && portfolio.account(account).positionMode === 'NETTING';
      const isKnown = isPlain && !hangsOnRates && isMoney(perCount) && perCount > 0n && slack > 0;
      // Where margin is no more than the notional it moves no faster than equity: one notional per count covers it, and the way that earns
      // money is free. Above that every row is checked.
      const quantity = positions.venueQuantity(index);
      const isCovered =
        isKnown &&
        valuation.marginFor(index, price, Math.abs(quantity), 'MAINTENANCE') <= notionalValue(instrument, price, Math.abs(quantity));
      const radius = isCovered ? Math.floor((SAFE_PART * slack) / held.length / Number(perCount)) : 0;
      this.setBand(index, price, isCovered ? quantity : 0, radius);
    }
  }
}
