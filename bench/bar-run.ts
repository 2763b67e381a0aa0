import { isBarSpecificationRefusal, parseBarSpecification } from '../src/model/bar-specification.ts';
import { type BarBlock, BlockKind, makeBarBlock } from '../src/model/blocks.ts';
import { makeCurrency } from '../src/model/currency.ts';
import { instrumentWith } from '../src/model/instrument.fixture.ts';
import { resolveParameters } from '../src/model/parameters.ts';
import { Backtest } from '../src/runtime/backtest.ts';
import { DEFAULT_FILL_RULES } from '../src/sim/matching/fill-rules.ts';
import { MovingAverageCrossover } from '../src/strategies/moving-average-crossover.ts';

const DAY_US = 86_400_000_000;

/** A seeded walk of daily bars from 1990 on, in cents. */
export function walkBars(rows: number): BarBlock {
  const block = makeBarBlock(0, 0, rows);
  let state = 99;
  let price = 10_000;
  const draw = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return ((state >>> 16) % 201) - 100;
  };
  for (let row = 0; row < rows; row += 1) {
    const open = price;
    const close = Math.max(1000, open + draw());
    block.tsOpen[row] = 631_152_000_000_000 + row * DAY_US;
    block.tsEvent[row] = block.tsInit[row] = block.tsOpen[row]! + DAY_US;
    block.open[row] = open;
    block.close[row] = close;
    block.high[row] = Math.max(open, close) + Math.abs(draw());
    block.low[row] = Math.min(open, close) - Math.abs(draw());
    block.volume[row] = 1_000_000;
    price = close;
  }
  block.length = rows;
  return block;
}

/** The shipped crossover, 10 against 30 days, with all of equity, filled at the next open, 0.1 % commission. */
export function barBacktest(bars: BarBlock): Backtest {
  const usd = makeCurrency('USD');
  const instrument = instrumentWith({ id: 'ACME.XNYS' });
  const specification = parseBarSpecification('1d', 'bars');
  if (isBarSpecificationRefusal(specification)) throw new Error(specification.reason);
  const resolved = resolveParameters(MovingAverageCrossover.parameters, {});
  const fee = { kind: 'percentage', ratePpb: 1_000_000, on: 'both', rounding: { to: 'exact' } } as const;
  let isDone = false;
  const reader = {
    next: () => {
      if (isDone) return null;
      isDone = true;
      return bars;
    },
    close: () => {},
  };
  return new Backtest({
    name: 'bars',
    identity: [],
    engine: {
      instruments: [instrument],
      calendars: [null],
      accounts: [
        {
          venue: 'XNYS',
          type: 'MARGIN',
          baseCurrency: usd,
          positionMode: 'NETTING',
          costMethod: 'AVERAGE',
          openingBalances: [{ currency: usd, amount: 100_000n * 10n ** BigInt(usd.decimals) }],
          margin: {
            kind: 'leverage',
            leveragePpb: 1_000_000_000,
            initialRatePpb: 1_000_000_000,
            maintenanceRatePpb: 0,
            markedAt: 'MARK',
            locks: 'INITIAL',
          },
          instrumentMargins: [],
        },
      ],
      conversions: [],
      series: [{ instrument: 0, specification }],
      hasTrades: () => false,
      hasQuotes: () => false,
      hasBookDeltas: () => false,
      strategies: [{ name: 'cross', strategyClass: MovingAverageCrossover, parameters: resolved.values, instruments: [0] }],
      limits: {},
      weightBufferPpb: [0],
      startTs: 0,
      tradingFromTs: 0,
      historyRows: 1024,
    },
    venues: [
      {
        venue: 'XNYS',
        instruments: [{ instrument, rules: DEFAULT_FILL_RULES, fees: fee, matchOn: [BlockKind.BARS], matchSeries: -1 }],
        orderEntryUs: 0,
        responseUs: 0,
      },
    ],
    fees: [fee],
    streams: [reader],
    accountEvents: [],
    sampling: { kind: 'bar' },
    atEnd: 'leaveOpen',
    stepRowsMax: 8192,
  });
}
