import type { Draft, Desk, Fee, Scenario } from './scenario.fixture.ts';
import { Script } from './scenario.fixture.ts';
import { Strategy } from '../../src/core/strategy/strategy.ts';
import { parseBarSpecification } from '../../src/model/bar-specification.ts';
import type { BarSpecification } from '../../src/model/bar-specification.ts';
import { BlockKind, makeBarBlock, makeQuoteBlock, makeTradeBlock, type MarketBlock } from '../../src/model/blocks.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import type { OrderEvent } from '../../src/model/events.ts';
import type { FeeRounding, FeeSchedule } from '../../src/model/fees.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { instrumentWith } from '../../src/model/instrument.fixture.ts';
import { LiquiditySide } from '../../src/model/order.ts';
import { ORDER_STATUS_NAMES } from '../../src/model/order-status.ts';
import type { BlockReader } from '../../src/ports/block-reader.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { DEFAULT_FILL_RULES } from '../../src/sim/matching/fill-rules.ts';

/** What a run came to, as lines: two runs agree when their lines are the same. */
export interface Outcome {
  readonly orders: readonly string[];
  readonly fills: readonly string[];
  readonly books: readonly string[];
}

const USD = makeCurrency('USD', 8);
const PPB = 1_000_000_000;

/** How a scenario is cut into blocks and steps: results must not depend on it. */
export interface Cut {
  readonly blockRows: number;
  readonly stepRowsMax: number;
}

/** The scenario through the real backtest. */
export function runEngine(scenario: Scenario, cut: Cut = { blockRows: 8, stepRowsMax: 4096 }): Outcome & { readonly digest: string } {
  const instrument = instrumentOf(scenario);
  const backtest = new Backtest(specOf(scenario, instrument, cut));
  while (!backtest.advance(1_000_000));
  backtest.finish();
  const { engine, recorder } = backtest;
  const orders: string[] = [];
  for (let id = 1; engine.orders.view(id) !== null; id += 1) {
    const order = engine.orders.view(id)!;
    orders.push(`${id} ${ORDER_STATUS_NAMES[order.status]} ${order.cumQty}/${order.orderQty}`);
  }
  const { ledger, positions } = engine.portfolio;
  return {
    orders,
    fills: recorder.fills.map(
      (fill) =>
        `${fill.clientOrderId} ${fill.side * fill.lastQty}@${fill.lastPx} ${fill.tsEvent} ${fill.commission} ${fill.liquiditySide === LiquiditySide.MAKER ? 'maker' : 'taker'}`,
    ),
    books: [
      `position ${positions.venueQuantity(0)}`,
      ...(['CASH', 'TRADING', 'REALIZED_PNL', 'COMMISSION', 'LIQUIDATION_WRITE_OFF'] as const).map(
        (kind) => `${kind} ${ledger.balance(kind, 0, 'USD')}`,
      ),
    ],
    digest: backtest.digest(),
  };
}

function instrumentOf({ instrument }: Scenario): Instrument {
  return instrumentWith({
    id: 'TWIN.SIM',
    kind: instrument.kind,
    priceIncrement: instrument.tick,
    lotSize: instrument.lot,
    multiplier: instrument.multiplier,
  });
}

export function specOf(scenario: Scenario, instrument: Instrument, cut: Cut): ConstructorParameters<typeof Backtest>[0] {
  const { account, rules } = scenario;
  const fees = feeOf(scenario.fee);
  const isBars = scenario.rows[0]!.kind === 'bar';
  return {
    name: `twin ${scenario.seed}`,
    identity: [],
    engine: {
      instruments: [instrument],
      calendars: [null],
      accounts: [
        {
          venue: 'SIM',
          type: account.type,
          baseCurrency: USD,
          positionMode: 'NETTING',
          costMethod: account.costMethod,
          instrumentMargins: [],
          openingBalances: [{ currency: USD, amount: BigInt(account.openingDollars) * 100_000_000n }],
          margin:
            account.type === 'CASH'
              ? { kind: 'none' }
              : {
                  kind: 'leverage',
                  leveragePpb: account.leverage * PPB,
                  initialRatePpb: PPB,
                  maintenanceRatePpb: account.maintenancePpb,
                  markedAt: account.markedAt,
                  locks: 'INITIAL',
                },
        },
      ],
      conversions: [],
      series: isBars ? [{ instrument: 0, specification: parseBarSpecification('1m', 'bars') as BarSpecification }] : [],
      hasTrades: () => scenario.rows.some((row) => row.kind === 'trade'),
      hasQuotes: () => scenario.rows.some((row) => row.kind === 'quote'),
      hasBookDeltas: () => false,
      strategies: [{ name: 'script', strategyClass: scriptedStrategy(scenario), parameters: {}, instruments: [0] }],
      limits: {},
      weightBufferPpb: [0],
      startTs: 0,
      tradingFromTs: 0,
      historyRows: 16,
    },
    venues: [
      {
        venue: 'SIM',
        orderEntryUs: scenario.orderEntryUs,
        responseUs: scenario.responseUs,
        instruments: [
          {
            instrument,
            fees,
            matchSeries: -1,
            matchOn: scenario.matchOn.map((kind) => ({ bar: BlockKind.BARS, quote: BlockKind.QUOTES, trade: BlockKind.TRADES })[kind]),
            rules: {
              ...DEFAULT_FILL_RULES,
              market: rules.market,
              path: rules.path,
              triggeredLimit: rules.triggeredLimit,
              volumeShare: rules.volumeShare,
              limitFill: rules.throughTicks === 0 ? 'touch' : 'through',
              throughTicks: Math.max(1, rules.throughTicks),
              slippage: rules.slippageTicks === 0 ? { kind: 'none' } : { kind: 'ticks', ticks: rules.slippageTicks },
            },
          },
        ],
      },
    ],
    fees: [fees],
    streams: streamsOf(scenario, cut.blockRows),
    accountEvents: [],
    sampling: { kind: 'interval', everyUs: 3_600_000_000 },
    atEnd: 'leaveOpen',
    stepRowsMax: cut.stepRowsMax,
  };
}

function feeOf(fee: Fee): FeeSchedule {
  if (fee.kind === 'none') return fee;
  const rounding: FeeRounding = fee.toCents ? { to: 'decimals', decimals: 2, mode: 'half-up' } : { to: 'exact' };
  if (fee.kind === 'percentage') return { kind: 'percentage', ratePpb: fee.ratePpb, on: fee.on, rounding };
  if (fee.kind === 'makerTaker') return { kind: 'makerTaker', makerPpb: fee.makerPpb, takerPpb: fee.takerPpb, rounding };
  const { rateBillionths, minBillionths, maxRatePpb } = fee;
  return { kind: 'perShare', rateBillionths, minBillionths, maxRatePpb, whenMinExceedsMax: 'max', rounding };
}

/** One stream per kind of row, in blocks of `blockRows`. */
function streamsOf({ rows }: Scenario, blockRows: number): readonly BlockReader[] {
  return (['quote', 'trade', 'bar'] as const)
    .filter((kind) => rows.some((row) => row.kind === kind))
    .map((kind) => {
      const own = rows.filter((row) => row.kind === kind);
      let at = 0;
      return {
        next: (): MarketBlock | null => {
          const part = own.slice(at, at + blockRows);
          at += part.length;
          return part.length === 0 ? null : blockOf(part);
        },
        close: () => {},
      };
    });
}

function blockOf(rows: Scenario['rows']): MarketBlock {
  const kind = rows[0]!.kind;
  const block =
    kind === 'bar' ? makeBarBlock(0, 0, rows.length) : kind === 'quote' ? makeQuoteBlock(0, rows.length) : makeTradeBlock(0, rows.length);
  block.length = rows.length;
  rows.forEach((row, at) => {
    block.tsEvent[at] = row.ts;
    block.tsInit[at] = row.ts;
    const columns = block as unknown as Record<string, Float64Array>;
    const put = (name: string, value: number): void => {
      columns[name]![at] = value;
    };
    if (row.kind === 'bar') for (const name of ['tsOpen', 'open', 'high', 'low', 'close', 'volume'] as const) put(name, row[name]);
    else if (row.kind === 'trade') for (const name of ['price', 'quantity'] as const) put(name, row[name]);
    else {
      put('bidPrice', row.bid);
      put('askPrice', row.ask);
      put('bidSize', row.bidSize);
      put('askSize', row.askSize);
    }
  });
  return block;
}

const decimal = (count: number): string => (count / 100).toFixed(2);

function scriptedStrategy(scenario: Scenario): typeof ScriptedStrategy {
  return class extends ScriptedStrategy {
    override readonly script = new Script(scenario, this.desk());
  };
}

class ScriptedStrategy extends Strategy {
  readonly script: Script | null = null;

  override onStart(): void {
    this.subscribeTrades(0);
    this.subscribeQuotes(0);
    try {
      this.subscribeBars(0, '1m', 'bars');
    } catch {
      // A run of ticks has no bars.
    }
  }

  override onBar(): void {
    this.script?.onRow();
  }

  override onTrade(): void {
    this.script?.onRow();
  }

  override onQuote(): void {
    this.script?.onRow();
  }

  override onOrderEvent(event: OrderEvent): void {
    if (event.kind === 'OrderCanceled' || event.kind === 'OrderExpired' || event.kind === 'OrderRejected') this.script?.onEnded();
  }

  override onFill(): void {
    this.script?.onFill();
  }

  protected desk(): Desk {
    const strategy = this;
    return {
      get now() {
        return strategy.now;
      },
      get lastPrice() {
        return Number.isNaN(strategy.lastPrice(0)) ? 0 : Math.round(strategy.lastPrice(0) * 100);
      },
      get position() {
        return strategy.position(0);
      },
      openOrders: () =>
        strategy
          .openOrders(0)
          .map((order) => ({ id: order.clientOrderId, hasLimit: order.limitPrice !== 0, hasStop: order.stopPrice !== 0 }))
          .sort((a, b) => a.id - b.id),
      submit: (draft) => strategy.send(draft),
      target: ({ weightPpb, maxTenths, timeInForce }) =>
        strategy.targetWeight(0, weightPpb / PPB, { sizeAt: 'fill', quantityMaxFactor: maxTenths / 10, timeInForce }),
      cancel: (id) => strategy.cancelOrder(id),
      modify: (id, quantity, limit, stop) =>
        strategy.modifyOrder(id, {
          quantity,
          ...(limit === 0 ? {} : { limitPrice: decimal(limit) }),
          ...(stop === 0 ? {} : { stopPrice: decimal(stop) }),
        }),
    };
  }

  private send(draft: Draft): void {
    const side = draft.side > 0 ? 'BUY' : 'SELL';
    const options = {
      timeInForce: draft.timeInForce,
      postOnly: draft.postOnly,
      reduceOnly: draft.reduceOnly,
      ...(draft.timeInForce === 'GTD' ? { expireAt: draft.expireTs } : {}),
    };
    if (draft.type === 'MARKET') this.marketOrder(0, side, draft.quantity, options);
    else if (draft.type === 'LIMIT') this.limitOrder(0, side, draft.quantity, decimal(draft.limit), options);
    else if (draft.type === 'STOP') this.stopOrder(0, side, draft.quantity, decimal(draft.stop), options);
    else this.stopLimitOrder(0, side, draft.quantity, { stopPrice: decimal(draft.stop), limitPrice: decimal(draft.limit) }, options);
  }
}
