import type { Money } from '../model/currency.ts';
import { commissionOf, type FeeSchedule } from '../model/fees.ts';
import type { Instrument, InstrumentIndex, Price, Quantity } from '../model/instrument.ts';
import type { ClientOrderId, LiquiditySide, Side } from '../model/order.ts';
import type { FillReport } from '../model/reports.ts';
import { notionalValue } from '../model/valuation.ts';
import { SerialTexts } from './serial-texts.ts';
import { type TradedDay, TradedValue } from './traded-value.ts';

/** One execution, before it becomes a report. */
export interface Execution {
  readonly clientOrderId: ClientOrderId;
  readonly instrument: Instrument;
  readonly fees: FeeSchedule;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly liquiditySide: LiquiditySide;
  readonly orderQtyBefore: Quantity;
  readonly orderValueBefore: Money;
  readonly ts: number;
  /** Set where the quantity was decided by this fill. */
  readonly orderQtyFinal: Quantity | null;
}

export interface ExecutionsState {
  readonly tradeCount: number;
  /** [instrument, signed quantity] of every position that is not zero. */
  readonly positions: readonly (readonly [InstrumentIndex, Quantity])[];
  readonly tradedDays: readonly TradedDay[];
}

/** The venue's own books: one net position per instrument, traded value for fee tiers, and the counter of trade ids. */
export class Executions {
  private tradeCount = 0;
  private readonly tradeIds = new SerialTexts('T-');
  private readonly positions: Float64Array;
  private readonly tradedValue = new TradedValue();

  /** @param instrumentCount one more than the largest instrument index */
  constructor(instrumentCount: number) {
    this.positions = new Float64Array(instrumentCount);
  }

  position(instrument: InstrumentIndex): Quantity {
    return this.positions[instrument]!;
  }

  setPosition(instrument: InstrumentIndex, quantity: Quantity): void {
    this.positions[instrument] = quantity;
  }

  /** How much an order on `side` could take off the position. */
  reducible(instrument: InstrumentIndex, side: Side): Quantity {
    return Math.max(0, -side * this.positions[instrument]!);
  }

  /** What an execution would be charged. */
  commission(execution: Execution): Money {
    const { instrument, fees, side, price, quantity, ts } = execution;
    if (fees.kind === 'none') return 0n;
    return commissionOf(fees, {
      instrument,
      price,
      quantity,
      liquiditySide: execution.liquiditySide,
      closingQty: Math.min(quantity, this.reducible(instrument.index, side)),
      orderQtyBefore: execution.orderQtyBefore,
      orderValueBefore: execution.orderValueBefore,
      tradedValue: fees.kind === 'tiers' ? this.tradedValue.within(instrument.settlement.code, ts, fees.windowDays) : 0n,
    });
  }

  /** Books an execution: position, traded value, fee. */
  book(execution: Execution): FillReport {
    const { instrument, fees, side, price, quantity, ts } = execution;
    const commission = this.commission(execution);
    if (fees.kind === 'tiers') this.tradedValue.add(instrument.settlement.code, ts, notionalValue(instrument, price, quantity));
    this.positions[instrument.index]! += side * quantity;
    this.tradeCount += 1;
    return execution.orderQtyFinal === null
      ? {
          kind: 'Fill',
          clientOrderId: execution.clientOrderId,
          tradeId: this.tradeIds.text(this.tradeCount),
          lastQty: quantity,
          lastPx: price,
          commission,
          liquiditySide: execution.liquiditySide,
          tsEvent: ts,
        }
      : {
          kind: 'Fill',
          clientOrderId: execution.clientOrderId,
          tradeId: this.tradeIds.text(this.tradeCount),
          lastQty: quantity,
          lastPx: price,
          commission,
          liquiditySide: execution.liquiditySide,
          tsEvent: ts,
          orderQtyFinal: execution.orderQtyFinal,
        };
  }

  /** Own traded value in a fee schedule's window: what {@link commissionOf} would be given now. */
  tradedValueFor(instrument: Instrument, fees: FeeSchedule, ts: number): Money {
    return fees.kind === 'tiers' ? this.tradedValue.within(instrument.settlement.code, ts, fees.windowDays) : 0n;
  }

  saveState(): ExecutionsState {
    const positions: (readonly [InstrumentIndex, Quantity])[] = [];
    this.positions.forEach((quantity, instrument) => {
      if (quantity !== 0) positions.push([instrument, quantity]);
    });
    return { tradeCount: this.tradeCount, positions, tradedDays: this.tradedValue.saveState() };
  }

  loadState(state: ExecutionsState): void {
    this.tradeCount = state.tradeCount;
    this.positions.fill(0);
    for (const [instrument, quantity] of state.positions) this.positions[instrument] = quantity;
    this.tradedValue.loadState(state.tradedDays);
  }
}
