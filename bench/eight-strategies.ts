import { BollingerBands, Ema, LinearRegression, Macd, Rsi, Sma, Strategy, type TradeTick, Wma, ZScore } from '../src/index.ts';

/*
 * Eight users' strategies, each a class of its own with another indicator and other fields, all long or short one unit. They guard the way in which
 * the engine calls strategies: eight shapes through one call site cost 3.8 times as much.
 */

abstract class SideStrategy extends Strategy {
  protected side = 0;

  override onStart(): void {
    this.subscribeTrades(this.instruments[0]!);
  }

  protected take(trade: TradeTick, side: number): void {
    if (side === 0 || side === this.side) return;
    this.side = side;
    this.targetPosition(trade.instrument, side);
  }
}

class EmaSide extends SideStrategy {
  private readonly fast = new Ema(200);
  private readonly slow = new Ema(1000);

  override onTrade(trade: TradeTick): void {
    const spread = this.fast.update(trade.price) - this.slow.update(trade.price);
    this.take(trade, spread > 0 ? 1 : spread < 0 ? -1 : 0);
  }
}

class SmaSide extends SideStrategy {
  private readonly slow = new Sma(1000);
  private readonly fast = new Sma(200);

  override onTrade(trade: TradeTick): void {
    const spread = this.fast.update(trade.price) - this.slow.update(trade.price);
    this.take(trade, spread > 0 ? 1 : spread < 0 ? -1 : 0);
  }
}

class WmaSide extends SideStrategy {
  private readonly average = new Wma(1000);
  private margin = 1;

  override onTrade(trade: TradeTick): void {
    const spread = trade.price - this.average.update(trade.price);
    this.take(trade, spread > this.margin ? 1 : spread < -this.margin ? -1 : 0);
  }
}

class RsiSide extends SideStrategy {
  private readonly strength = new Rsi(1000);

  override onTrade(trade: TradeTick): void {
    const value = this.strength.update(trade.price);
    this.take(trade, value < 48 ? 1 : value > 52 ? -1 : 0);
  }
}

class BandSide extends SideStrategy {
  private readonly bands = new BollingerBands(1000, 2);

  override onTrade(trade: TradeTick): void {
    this.bands.update(trade.price);
    this.take(trade, trade.price < this.bands.lower ? 1 : trade.price > this.bands.upper ? -1 : 0);
  }
}

class ScoreSide extends SideStrategy {
  private readonly score = new ZScore(1000);
  private readonly threshold = 2;
  private updates = 0;

  override onTrade(trade: TradeTick): void {
    this.updates += 1;
    const value = this.score.update(trade.price);
    this.take(trade, value < -this.threshold ? 1 : value > this.threshold ? -1 : 0);
  }
}

class MacdSide extends SideStrategy {
  private readonly macd = new Macd({ fastPeriod: 400, slowPeriod: 900, signalPeriod: 300 });

  override onTrade(trade: TradeTick): void {
    const value = this.macd.update(trade.price);
    this.take(trade, value > 0.5 ? 1 : value < -0.5 ? -1 : 0);
  }
}

class SlopeSide extends SideStrategy {
  private last = 0;
  private readonly line = new LinearRegression(1000);

  override onTrade(trade: TradeTick): void {
    const value = this.line.update(trade.price);
    this.take(trade, value > this.last + 0.2 ? 1 : value < this.last - 0.2 ? -1 : 0);
    this.last = value;
  }
}

export const EIGHT_CLASSES = [EmaSide, SmaSide, WmaSide, RsiSide, BandSide, ScoreSide, MacdSide, SlopeSide];
