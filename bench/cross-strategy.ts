import { Ema, type InstrumentIndex, Strategy, type TradeTick } from '../src/index.ts';

export const FAST_PERIOD = 100;
export const SLOW_PERIOD = 500;

/** A user's strategy, written against the documented interface and nothing else: long one unit while the fast average is above the slow one, else short. */
export class Cross extends Strategy {
  private readonly fast = new Ema(FAST_PERIOD);
  private readonly slow = new Ema(SLOW_PERIOD);
  private side = 0;

  override onStart(): void {
    this.subscribeTrades(this.instruments[0] as InstrumentIndex);
  }

  override onTrade(trade: TradeTick): void {
    const { price } = trade;
    const fast = this.fast.update(price);
    const slow = this.slow.update(price);
    if (!this.slow.isReady) return;
    const side = fast > slow ? 1 : -1;
    if (side === this.side) return;
    this.side = side;
    this.act(trade.instrument, side);
  }

  protected act(instrument: InstrumentIndex, side: number): void {
    this.targetPosition(instrument, side);
  }
}

/** The same but for the orders: what a tick costs without them. */
export class Watch extends Cross {
  protected override act(): void {}
}
