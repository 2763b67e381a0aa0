import { unreachable } from '../../src/base/assert.ts';
import type { EngineState } from '../../src/core/engine-state.ts';
import { Engine } from '../../src/core/engine.ts';
import type { EngineOptions } from '../../src/core/engine-options.ts';
import type { Recorded } from '../../src/model/events.ts';
import type { AccountDefinition } from '../../src/model/account.ts';
import { type BarSpecification, parseBarSpecification } from '../../src/model/bar-specification.ts';
import { BlockKind } from '../../src/model/blocks.ts';
import type { Currency } from '../../src/model/currency.ts';
import { estimateFee, type FeeSchedule } from '../../src/model/fees.ts';
import { OrderStatus } from '../../src/model/order-status.ts';
import type { FillReport, VenueReport } from '../../src/model/reports.ts';
import type { VenueSpec } from '../../src/runtime/venue-desks.ts';
import { EquitySampler, type EquitySamplerState } from '../../src/runtime/equity-sampler.ts';
import { Expiries, type ExpiriesState } from '../../src/runtime/expiries.ts';
import { Liquidations } from '../../src/runtime/liquidations.ts';
import { RunRecorder, type RunRecorderState } from '../../src/runtime/run-recorder.ts';
import { VenueDesks, type VenueDesksState } from '../../src/runtime/venue-desks.ts';
import type { LatencyModel } from '../../src/sim/latency.ts';
import { DEFAULT_FILL_RULES, type VenueDepth } from '../../src/sim/matching/fill-rules.ts';
import { Chance } from '../properties/scenario.fixture.ts';
import {
  BTC,
  EUR,
  FX,
  type Input,
  INSTRUMENTS,
  MINUTE,
  PERPETUAL,
  recordingOf,
  SECOND,
  SHARE,
  SHARE_CALENDAR,
  SPOT,
  SPOT_LIMITS,
  START,
  type StrayReport,
  TRADING_FROM,
  USD,
  USDT,
} from './snapshot-market.fixture.ts';
import { slotsOf } from './snapshot-strategies.fixture.ts';

/*
 * A session of everything that remembers: engine, simulated venues, expiries, liquidations, samples and records, driven one input at a time as the
 * backtest's loop drives them. What it produces is kept as lines of text.
 */

const VENUES = ['XNYS', 'EUREX', 'PERPS', 'SPOTS', 'FXD'] as const;

/** What is drawn of a session besides its market. */
interface Terms {
  readonly options: Omit<EngineOptions, 'estimateFee'>;
  readonly venues: readonly VenueSpec[];
  readonly fees: readonly FeeSchedule[];
}

function drawAccounts(chance: Chance): AccountDefinition[] {
  // Thin accounts are liquidated; a rich one has balances that no double holds exactly.
  const dollars = chance.pick([2_000n, 2_000n, 400_000n, 300_000_000n]);
  const leverage = chance.pick([2, 200, 200]);
  const cash = (venue: string, baseCurrency: Currency, amounts: readonly (readonly [Currency, bigint])[]): AccountDefinition => ({
    venue,
    type: 'CASH',
    baseCurrency,
    positionMode: 'NETTING',
    costMethod: chance.pick(['FIFO', 'AVERAGE']),
    openingBalances: amounts.map(([currency, whole]) => ({ currency, amount: whole * 10n ** BigInt(currency.decimals) })),
    margin: { kind: 'none' },
    instrumentMargins: [],
  });
  const margin = (venue: string, baseCurrency: Currency, mode: 'NETTING' | 'HEDGING'): AccountDefinition => ({
    ...cash(venue, baseCurrency, [[baseCurrency, baseCurrency === BTC ? 3n : dollars]]),
    type: 'MARGIN',
    positionMode: mode,
    margin: {
      kind: 'leverage',
      leveragePpb: leverage * 1_000_000_000,
      initialRatePpb: 1_000_000_000,
      maintenanceRatePpb: 900_000_000,
      markedAt: chance.pick(['MARK', 'ENTRY']),
      locks: 'INITIAL',
    },
  });
  return [
    cash('XNYS', USD, [[USD, dollars]]),
    margin('EUREX', EUR, 'HEDGING'),
    margin('PERPS', USDT, 'NETTING'),
    cash('SPOTS', USDT, [
      [USDT, 90_000n],
      [BTC, 2n],
    ]),
    margin('FXD', USD, chance.pick(['NETTING', 'HEDGING'])),
  ];
}

function drawFee(chance: Chance): FeeSchedule {
  const rounding = { to: 'exact' } as const;
  const tier = (fromValue: number, makerPpb: number, takerPpb: number) => ({ fromValue, makerPpb, takerPpb });
  return chance.pick<FeeSchedule>([
    { kind: 'none' },
    { kind: 'percentage', ratePpb: 500_000, on: 'exit', rounding },
    { kind: 'makerTaker', makerPpb: -20_000, takerPpb: 300_000, rounding },
    { kind: 'tiers', windowDays: 2, tiers: [tier(0, 900_000, 1_000_000), tier(5_000, 100_000, 200_000)], rounding },
    {
      kind: 'perShare',
      rateBillionths: 5_000_000,
      minBillionths: 1_000_000_000,
      maxRatePpb: 10_000_000,
      whenMinExceedsMax: 'max',
      rounding,
    },
  ]);
}

function drawLatency(chance: Chance, seed: number): Pick<VenueSpec, 'orderEntryUs' | 'responseUs' | 'latency'> {
  const law = (): LatencyModel =>
    chance.pick<LatencyModel>([
      { kind: 'uniform', minUs: 1_000, maxUs: 4 * SECOND, seed },
      { kind: 'logNormal', medianUs: 300_000, sigma: 1, maxUs: 20 * SECOND, seed },
      { kind: 'constant', us: 700_000 },
    ]);
  const us = (): number => chance.pick([0, 1, 250_000, 6 * SECOND]);
  if (chance.oneIn(3)) return { orderEntryUs: 0, responseUs: 0 };
  return { orderEntryUs: us(), responseUs: us(), ...(chance.oneIn(2) ? { latency: { orderEntry: law(), response: law() } } : {}) };
}

/** Orders trade against the books that strategies see, a while later. */
function drawDepth(chance: Chance, seed: number, venue: 'PERPS' | 'SPOTS'): VenueDepth {
  const rules = { queue: { kind: 'riskAverse' }, impactHalfLifeUs: chance.pick([Infinity, 20 * SECOND]) } as const;
  return {
    rules: new Map(INSTRUMENTS.map(({ index }) => [index, rules])),
    delay: {
      kind: 'stated',
      latency: chance.pick<LatencyModel>([
        { kind: 'constant', us: 500_000 },
        { kind: 'uniform', minUs: 0, maxUs: 3 * SECOND, seed },
      ]),
    },
    open: () => {
      const instrument = venue === 'PERPS' ? PERPETUAL : SPOT;
      return [recordingOf(seed, instrument, BlockKind.BOOK_DELTAS), recordingOf(seed, instrument, BlockKind.TRADES)];
    },
  };
}

function drawTerms(seed: number, hasDepth: boolean): Terms {
  const chance = new Chance(seed + 77);
  const fees = INSTRUMENTS.map(() => drawFee(chance));
  const rules = {
    ...DEFAULT_FILL_RULES,
    market: chance.pick(['nextOpen', 'thisClose', 'touch', 'last', 'nextTrade'] as const),
    limitFill: chance.pick(['touch', 'through'] as const),
    path: chance.pick(['nearestFirst', 'worstFirst'] as const),
    volumeShare: chance.pick([null, { numerator: 1, denominator: 3 }]),
  };
  const matchOn = [BlockKind.TRADES, BlockKind.QUOTES, BlockKind.BARS, BlockKind.QUOTE_BARS];
  return {
    fees,
    venues: VENUES.map((venue) => ({
      venue,
      ...drawLatency(chance, seed),
      ...(hasDepth && (venue === 'PERPS' || venue === 'SPOTS') ? { depth: drawDepth(chance, seed, venue) } : {}),
      instruments: INSTRUMENTS.filter((instrument) => instrument.venue === venue).map((instrument) => ({
        instrument,
        rules,
        fees: fees[instrument.index]!,
        matchOn,
        matchSeries: -1,
      })),
    })),
    options: {
      instruments: INSTRUMENTS,
      calendars: INSTRUMENTS.map(({ index }) => (index === SHARE ? SHARE_CALENDAR : null)),
      accounts: drawAccounts(chance),
      conversions: [SPOT, FX],
      series: [{ instrument: SHARE, specification: parseBarSpecification('1m', 'bars') as BarSpecification }],
      hasTrades: () => true,
      hasQuotes: () => true,
      hasBookDeltas: () => true,
      strategies: slotsOf(seed),
      limits: { everyInstrument: { maxOrderQty: 60 }, instruments: SPOT_LIMITS, strategies: { 1: { maxOpenOrders: 25 } } },
      weightBufferPpb: INSTRUMENTS.map(() => 1_000_000),
      startTs: START,
      tradingFromTs: TRADING_FROM,
      onStrategyError: 'stop',
      marketData: { ageMaxUs: 100 * SECOND, gapMaxUs: chance.pick([Infinity, 50 * SECOND]), bookCrossedMaxUs: SECOND },
      historyRows: chance.pick([3, 9, 40]),
    },
  };
}

/** Of {@link slotsOf}. */
const THROWER = 4;

/** Everything that a session must remember. */
export interface SessionState {
  readonly engine: EngineState;
  readonly venues: VenueDesksState;
  readonly expiries: ExpiriesState;
  readonly sampler: EquitySamplerState;
  readonly recorder: RunRecorderState;
}

export class Session {
  readonly engine: Engine;
  readonly venues: VenueDesks;
  readonly expiries: Expiries;
  readonly liquidations: Liquidations;
  readonly sampler = new EquitySampler({ kind: 'interval', everyUs: 90 * SECOND });
  readonly recorder = new RunRecorder(['session']);
  /** Every record and command, one line each. */
  readonly lines: string[] = [];

  constructor(seed: number, hasDepth = false) {
    const { options, venues, fees } = drawTerms(seed, hasDepth);
    this.engine = new Engine({
      ...options,
      estimateFee: (instrument, side, quantity, price) => {
        const held = this.engine.portfolio.positions.venueQuantity(instrument.index);
        const closing = held * side < 0 ? Math.min(quantity, Math.abs(held)) : 0;
        const schedule = fees[instrument.index]!;
        const traded = schedule.kind === 'tiers' ? this.venues.tradedValue(instrument.index, this.engine.now) : 0n;
        return estimateFee(schedule, instrument, price, quantity, closing, traded);
      },
    });
    this.venues = new VenueDesks(venues, this.engine, options.calendars);
    this.expiries = new Expiries(this.engine, this.venues);
    this.liquidations = new Liquidations(this.engine, options.conversions);
  }

  start(): void {
    this.engine.start();
    this.carryOut();
    this.sampler.begin(START, this.equity());
  }

  take(input: Input): void {
    this.settleBefore(input.ts);
    this.apply(input);
    this.carryOut();
    this.takeRecords();
  }

  finish(): void {
    this.settleBefore(Math.min(this.engine.now + 10 * MINUTE, Number.MAX_SAFE_INTEGER));
    this.engine.stop();
    this.carryOut();
    this.takeRecords();
  }

  saveState(): SessionState {
    return {
      engine: this.engine.saveState(),
      venues: this.venues.saveState(),
      expiries: this.expiries.saveState(),
      sampler: this.sampler.saveState(),
      recorder: this.recorder.saveState(),
    };
  }

  loadState(state: SessionState): void {
    this.engine.loadState(state.engine);
    this.venues.loadState(state.venues);
    this.expiries.loadState(state.expiries);
    this.sampler.loadState(state.sampler);
    this.recorder.loadState(state.recorder);
    this.liquidations.invalidate();
  }

  /** What can be seen of it from outside. */
  outcome(): readonly string[] {
    const { engine, recorder, sampler } = this;
    const { positions, ledger } = engine.portfolio;
    return [
      recorder.digestWith(ledger.stateRows()),
      `now ${engine.now}, ledger at ${ledger.sequence}`,
      ...ledger.stateRows(),
      ...positions.positions().map(textOf),
      ...INSTRUMENTS.flatMap(({ index }) => [-1, 0, 1].map((side) => textOf(positions.venuePosition(index, side as -1 | 0 | 1)))),
      ...engine.orders.openOrders({}).map(textOf),
      ...Array.from({ length: engine.orders.table.length - 1 }, (_, at) => textOf(engine.orders.view(at + 1))),
      ...engine.closedTrades.map(textOf),
      ...recorder.fills.map(textOf),
      ...engine.marketData.counters().map(textOf),
      textOf(engine.orders.counters),
      textOf([...sampler.ts.subarray(0, sampler.count)]),
      textOf([...sampler.equityApprox.subarray(0, sampler.count)]),
    ];
  }

  private apply(input: Input): void {
    const { engine } = this;
    switch (input.kind) {
      case 'row':
        return this.takeRow(input);
      case 'engine':
        engine.apply(input.input, input.ts);
        this.liquidations.invalidate();
        if (input.input.kind === 'Account' && input.input.event.kind === 'SplitEffective')
          this.venues.split(input.input.event.instrument, input.ts);
        return;
      case 'ageMax': {
        const { instrument, ageMaxUs } = input;
        return engine.marketData.setLimits(instrument, { gapMaxUs: Infinity, ageMaxUs, checksIncrement: true, bookCrossedMaxUs: 0 });
      }
      case 'stray':
        return this.takeStray(input.what, input.ts);
      case 'timeOut': {
        const waiting = engine.orders.openOrders({}).find(({ status }) => status === OrderStatus.SUBMITTED);
        if (waiting !== undefined) engine.orders.timeOut(waiting.clientOrderId, engine.now);
        // A person looks in, and stops the strategy that throws, or starts it again.
        if (engine.strategies.isRunning(THROWER)) engine.strategies.stop(THROWER, input.ts);
        else engine.strategies.start(THROWER, {}, input.ts);
        return;
      }
      default:
        return unreachable(input);
    }
  }

  private takeStray(what: StrayReport, tsEvent: number): void {
    const { engine, recorder } = this;
    const { fills } = recorder;
    const { table } = engine.orders;
    const lastIn = (status: OrderStatus): number => table.status.lastIndexOf(status, table.length - 1);
    if (fills.length === 0) return;
    const { clientOrderId, tradeId, lastQty, lastPx, commission, liquiditySide } = fills.at(fills.length - 1);
    const fill: FillReport = { kind: 'Fill', clientOrderId, tradeId, lastQty, lastPx, commission, liquiditySide, tsEvent };
    const reports: Readonly<Record<StrayReport, VenueReport>> = {
      again: fill,
      changed: { ...fill, lastQty: lastQty + 1 },
      'unknown order': { ...fill, clientOrderId: 1_000_000 },
      'one more': { ...fill, tradeId: `a trade of which nobody knows ${fills.length}` },
      late: { ...fill, clientOrderId: lastIn(OrderStatus.CANCELED), tradeId: `late ${fills.length}` },
      'no figures': { ...fill, lastQty: Number.NaN },
      rejected: { kind: 'Rejected', clientOrderId: lastIn(OrderStatus.DENIED), reason: 'stray', tsEvent },
      'long name': {
        kind: 'Accepted',
        clientOrderId: lastIn(OrderStatus.ACCEPTED),
        venueOrderId: 'a name that fits into no words',
        tsEvent,
      },
    };
    engine.applyReport(reports[what], tsEvent);
    this.liquidations.invalidate();
  }

  private takeRow({ block, row }: Extract<Input, { kind: 'row' }>): void {
    const { engine, venues } = this;
    if (engine.risk.losses.wantsData) engine.risk.losses.noteData(block.tsInit[row]!);
    const isRefused = engine.marketData.scan(block, row, row + 1) === row;
    if (isRefused || venues.scan(block, row, row + 1) > row) {
      engine.step(block, row, row + 1, this.liquidations.bandOf(block.instrument));
      if (!isRefused) venues.observe(block, row);
    } else {
      venues.beginRow(block, row);
      while (venues.nextPoint(block)) this.carryOut();
      engine.step(block, row, row + 1);
    }
    this.carryOut();
    if (isRefused) return;
    const due = this.liquidations.due(block);
    if (due.length > 0) this.liquidations.settle(due, venues, () => this.carryOut());
  }

  private settleBefore(tsNext: number): void {
    for (;;) {
      const { venues, engine, expiries, sampler } = this;
      const { losses } = engine.risk;
      const due = [venues.nextDueTs, engine.barDueTs, expiries.dueTs, engine.timerDueTs, sampler.dueTs, losses.dueTs] as const;
      const first = Math.min(...due);
      const isBeforeInputs = first === due[0] || first === due[1] || first === due[5];
      if (first > tsNext || (first === tsNext && !isBeforeInputs)) return;
      if (first === due[0]) venues.advance(first);
      else if (first === due[1]) engine.closeBars();
      else if (first === due[5]) engine.settleLosses();
      else if (first === due[2]) expiries.settle(() => this.carryOut());
      else if (first === due[3]) engine.fireTimer();
      else sampler.take(this.equity(), tsNext);
      this.carryOut();
    }
  }

  private carryOut(): void {
    const { engine, venues } = this;
    const { effects } = engine;
    for (;;) {
      if (effects.count !== 0) effects.beginStep();
      if (venues.deliverReports()) {
        this.liquidations.invalidate();
        continue;
      }
      const command = effects.takeCommand();
      if (command === null) return;
      this.lines.push(textOf(command));
      venues.handle(command, engine.now);
    }
  }

  private takeRecords(): void {
    const { effects } = this.engine;
    for (const record of effects.records) {
      this.lines.push(textOf(record));
      this.recorder.take(record satisfies Recorded);
    }
    effects.forgetRecords();
  }

  private equity(): number {
    const equity = this.engine.portfolio.valuation.equity(0);
    return typeof equity === 'bigint' ? Number(equity) / 1e8 : 0;
  }
}

export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return `${part}n`;
    return typeof part === 'number' && !Number.isFinite(part) ? String(part) : part;
  });
}
