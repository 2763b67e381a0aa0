import { type Bar, Strategy } from '../core/strategy/strategy.ts';
import { Atr } from '../indicators/atr.ts';
import { DonchianChannel } from '../indicators/donchian-channel.ts';
import type { ParameterDescriptors } from '../model/parameters.ts';

const parameters = {
  entryPeriod: {
    type: 'integer',
    default: 20,
    min: 2,
    max: 1000,
    description: 'Bars whose highest high or lowest low must be broken to enter.',
  },
  exitPeriod: { type: 'integer', default: 10, min: 1, max: 1000, description: 'Bars whose opposite extreme closes the position.' },
  atrPeriod: { type: 'integer', default: 20, min: 1, max: 1000, description: 'Bars in the average true range that sizes positions.' },
  riskPerTrade: {
    type: 'number',
    default: 0.01,
    min: 0.0001,
    max: 1,
    description: 'Share of equity that a move of two average true ranges may cost.',
  },
  every: { type: 'text', default: '1d', description: 'Bars to trade on, such as 1m, 1h, 1d.' },
  allowShort: { type: 'boolean', default: true, description: 'Sell short on a break of the low; otherwise only buy.' },
} as const satisfies ParameterDescriptors;

/** Average true ranges of adverse move that `riskPerTrade` pays for, as in the published Turtle rules. */
const STOP_DISTANCE_ATR = 2;
/** Largest share of equity in one position, however quiet the market. */
const WEIGHT_MAX = 1;

/**
 * Enters when the close leaves the channel of the bars before it, leaves when it breaks the shorter channel the other way.
 * Positions are sized so that a move of two average true ranges costs the stated share of equity.
 */
export class DonchianBreakout extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly entry = this.instruments.map(() => new DonchianChannel(this.parameters.entryPeriod));
  private readonly exit = this.instruments.map(() => new DonchianChannel(this.parameters.exitPeriod));
  private readonly range = this.instruments.map(() => new Atr(this.parameters.atrPeriod));

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, this.parameters.every);
  }

  override onBar(bar: Bar): void {
    const place = this.instruments.indexOf(bar.instrument);
    const entry = this.entry[place]!;
    const exit = this.exit[place]!;
    const range = this.range[place]!;
    // Judged against the bars before this one: the channels take this bar in only after the decision.
    if (entry.isReady && range.isReady) this.decide(bar, entry, exit, range.value);
    entry.update(bar.high, bar.low);
    exit.update(bar.high, bar.low);
    range.update(bar.high, bar.low, bar.close);
  }

  private decide(bar: Bar, entry: DonchianChannel, exit: DonchianChannel, atr: number): void {
    const position = this.position(bar.instrument);
    if (position > 0 && bar.close < exit.lower) this.flatten(bar.instrument, { tag: 'exit channel' });
    else if (position < 0 && bar.close > exit.upper) this.flatten(bar.instrument, { tag: 'exit channel' });
    else if (position === 0 && bar.close > entry.upper) this.enter(bar, 1, atr);
    else if (position === 0 && bar.close < entry.lower && this.parameters.allowShort) this.enter(bar, -1, atr);
  }

  private enter(bar: Bar, direction: 1 | -1, atr: number): void {
    const distance = (STOP_DISTANCE_ATR * atr) / bar.close;
    const weight = distance > 0 ? Math.min(WEIGHT_MAX, this.parameters.riskPerTrade / distance) : WEIGHT_MAX;
    this.targetWeight(bar.instrument, (direction * weight) / this.instruments.length, { sizeAt: 'fill', tag: 'breakout' });
  }
}
