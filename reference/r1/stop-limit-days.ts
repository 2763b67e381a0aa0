import { type Bar, type ParameterDescriptors, Strategy } from 'quanthybrid';

const parameters = {
  buyDay: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000,
    description: 'Day (since 1970-01-01) after whose bar the buy stop-limit is placed.',
  },
  closeDay: { type: 'integer', default: 0, min: 0, max: 100_000, description: 'Day after whose bar the position is closed.' },
  sellDay: {
    type: 'integer',
    default: 0,
    min: 0,
    max: 100_000,
    description: 'Day after whose bar the sell stop-limit is placed, at its low.',
  },
} as const satisfies ParameterDescriptors;

const DAY_US = 86_400_000_000;

/** Two stop-limit entries on given days, the first one closed on a third. */
export class StopLimitDays extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, '1d');
  }

  override onBar(bar: Bar): void {
    const { buyDay, closeDay, sellDay } = this.parameters;
    const day = Math.floor(bar.tsOpen / DAY_US);
    if (day === buyDay) this.stopLimitOrder(bar.instrument, 'BUY', 100, { stopPrice: 484, limitPrice: 466 });
    else if (day === closeDay) this.flatten(bar.instrument);
    else if (day === sellDay) this.stopLimitOrder(bar.instrument, 'SELL', 200, { stopPrice: bar.low, limitPrice: '324.90' });
  }
}
