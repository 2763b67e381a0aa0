import { bigPowerOfTen } from '../../base/decimal.ts';
import { bigOf, isExact, numberOf } from '../../base/exact-integer.ts';
import type { AccountIndex } from '../../model/account.ts';
import type { Money } from '../../model/currency.ts';
import type { Fill } from '../../model/events.ts';
import type { Instrument, InstrumentIndex, Quantity } from '../../model/instrument.ts';
import { notionalDouble, notionalValue } from '../../model/valuation.ts';
import type { Ledger } from './ledger.ts';
import type { LedgerHandle, LedgerTriple } from './ledger-records.ts';
import { COMMISSION, COST_CHANGE, type PositionBooking, REALIZED_PNL } from './position-booking.ts';

/** What every fill of an instrument posts to, named once. */
interface FillTerms {
  readonly instrument: Instrument;
  /** Cash, realized profit, commission. */
  readonly margined: LedgerTriple;
  readonly cash: LedgerHandle;
  readonly realizedPnl: LedgerHandle;
  readonly commission: LedgerHandle;
  /** This and the next two: {@link NONE} unless the thing is delivered. */
  readonly trading: LedgerHandle;
  readonly unitsCash: LedgerHandle;
  readonly unitsTrading: LedgerHandle;
  /** Units of the thing per count of quantity, where it is delivered: as it is, and as a double where one holds it, else NaN. */
  readonly unitFactor: bigint;
  readonly unitFactorDouble: number;
}

/** No ledger account. */
const NONE: LedgerHandle = -1;

/**
 * What fills do to the ledger. One that is margined moves money by profit and commission; one that is delivered exchanges money for the
 * thing, each against what stands for it in TRADING.
 */
export class FillPostings {
  readonly #ledger: Ledger;
  readonly #instruments: readonly Instrument[];
  /** By instrument. */
  readonly #accountOf: readonly AccountIndex[];
  /** By instrument, from its first fill on. */
  readonly #terms: (FillTerms | undefined)[];

  constructor(ledger: Ledger, instruments: readonly Instrument[], accountOf: readonly AccountIndex[]) {
    this.#ledger = ledger;
    this.#instruments = instruments;
    this.#accountOf = accountOf;
    this.#terms = new Array<FillTerms | undefined>(instruments.length).fill(undefined);
  }

  /**
   * Posts a fill as one transaction. Hot.
   *
   * @param booking what the fill did to the account's position
   */
  post(fill: Fill, booking: PositionBooking): void {
    const terms = this.#terms[fill.instrument] ?? this.#termsOf(fill.instrument);
    const { doubles } = booking.money;
    const realized = doubles[REALIZED_PNL]!;
    const commission = doubles[COMMISSION]!;
    const isPosted = terms.instrument.isDelivered
      ? this.#exchange(terms, fill, doubles)
      : this.#ledger.postThree(terms.margined, realized - commission, -realized, commission, 'FILL');
    if (isPosted) return;
    this.#add(terms, fill, booking);
    this.#ledger.commit(fill.tsInit, 'FILL');
  }

  /** Posts what a delivered fill exchanges where every amount is a safe integer; false where one is not, and nothing is posted then. */
  #exchange(terms: FillTerms, fill: Fill, money: Float64Array): boolean {
    const ledger = this.#ledger;
    const realized = money[REALIZED_PNL]!;
    const commission = money[COMMISSION]!;
    const costChange = money[COST_CHANGE]!;
    const quantity = fill.side * fill.lastQty;
    const value = notionalDouble(terms.instrument, fill.lastPx, quantity);
    const units = quantity * terms.unitFactorDouble;
    const size = Math.abs(realized) + Math.abs(value) + Math.abs(commission) + Math.abs(units) + Math.abs(costChange);
    if (!isExact(size)) return false;
    ledger.addExact(terms.cash, -value - commission);
    ledger.addExact(terms.trading, costChange);
    ledger.addExact(terms.unitsCash, units);
    ledger.addExact(terms.unitsTrading, -units);
    if (realized !== 0) ledger.addExact(terms.realizedPnl, -realized);
    if (commission !== 0) ledger.addExact(terms.commission, commission);
    ledger.commit(fill.tsInit, 'FILL');
    return true;
  }

  /** Adds the entries of any fill, whatever its size. */
  #add(terms: FillTerms, fill: Fill, { realizedPnl, costChange }: PositionBooking): void {
    const ledger = this.#ledger;
    const { commission } = fill;
    if (terms.instrument.isDelivered) {
      const quantity = fill.side * fill.lastQty;
      const units = bigOf(quantity) * terms.unitFactor;
      ledger.add(terms.cash, -notionalValue(terms.instrument, fill.lastPx, quantity) - commission);
      ledger.add(terms.trading, costChange);
      ledger.add(terms.unitsCash, units);
      ledger.add(terms.unitsTrading, -units);
    } else {
      ledger.add(terms.cash, realizedPnl - commission);
    }
    if (realizedPnl !== 0n) ledger.add(terms.realizedPnl, -realizedPnl);
    if (commission !== 0n) ledger.add(terms.commission, commission);
  }

  #termsOf(index: InstrumentIndex): FillTerms {
    const ledger = this.#ledger;
    const instrument = this.#instruments[index]!;
    const { settlement, base, isDelivered } = instrument;
    const account = this.#accountOf[index]!;
    const unitFactor = isDelivered ? unitFactorOf(instrument) : 0n;
    const cash = ledger.handleOf('CASH', account, settlement);
    const realizedPnl = ledger.handleOf('REALIZED_PNL', account, settlement);
    const commission = ledger.handleOf('COMMISSION', account, settlement);
    const terms: FillTerms = {
      instrument,
      margined: ledger.tripleOf(cash, realizedPnl, commission),
      cash,
      realizedPnl,
      commission,
      trading: isDelivered ? ledger.handleOf('TRADING', account, settlement) : NONE,
      unitsCash: isDelivered ? ledger.handleOf('CASH', account, base) : NONE,
      unitsTrading: isDelivered ? ledger.handleOf('TRADING', account, base) : NONE,
      unitFactor,
      unitFactorDouble: numberOf(unitFactor),
    };
    this.#terms[index] = terms;
    return terms;
  }
}

/** The thing delivered by a quantity, in its own unit. */
export function unitsOf(instrument: Instrument, quantity: Quantity): Money {
  return bigOf(quantity) * unitFactorOf(instrument);
}

function unitFactorOf(instrument: Instrument): bigint {
  return bigPowerOfTen(instrument.base.decimals - instrument.quantityDecimals);
}
