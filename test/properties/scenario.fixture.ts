/** A market, the rules of its venue and an account, drawn from a seed: plain data that both the engine and its twin read. */

export interface BarRow {
  readonly kind: 'bar';
  readonly tsOpen: number;
  readonly ts: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface QuoteRow {
  readonly kind: 'quote';
  readonly ts: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
}

export interface TradeRow {
  readonly kind: 'trade';
  readonly ts: number;
  readonly price: number;
  readonly quantity: number;
}

export type Row = BarRow | QuoteRow | TradeRow;

export type Fee =
  | { readonly kind: 'none' }
  | { readonly kind: 'percentage'; readonly ratePpb: number; readonly on: 'both' | 'entry' | 'exit'; readonly toCents: boolean }
  | { readonly kind: 'makerTaker'; readonly makerPpb: number; readonly takerPpb: number; readonly toCents: boolean }
  | {
      readonly kind: 'perShare';
      readonly rateBillionths: number;
      readonly minBillionths: number;
      readonly maxRatePpb: number | null;
      readonly toCents: boolean;
    };

export interface Scenario {
  readonly seed: number;
  readonly rows: readonly Row[];
  /** Kinds of rows that move orders. */
  readonly matchOn: readonly Row['kind'][];
  readonly rules: {
    readonly market: 'nextOpen' | 'thisClose' | 'touch' | 'last' | 'nextTrade';
    readonly path: 'openHighLowClose' | 'openLowHighClose' | 'nearestFirst' | 'worstFirst';
    readonly triggeredLimit: 'sameBar' | 'nextBar';
    /** 0: a limit fills when touched; else the price must go so many increments beyond it. */
    readonly throughTicks: number;
    readonly volumeShare: { readonly numerator: number; readonly denominator: number } | null;
    readonly slippageTicks: number;
  };
  readonly fee: Fee;
  readonly orderEntryUs: number;
  readonly responseUs: number;
  readonly instrument: { readonly kind: 'EQUITY' | 'FUTURE'; readonly tick: number; readonly lot: number; readonly multiplier: number };
  readonly account: {
    readonly type: 'CASH' | 'MARGIN';
    readonly openingDollars: number;
    readonly leverage: number;
    readonly maintenancePpb: number;
    readonly markedAt: 'ENTRY' | 'MARK';
    readonly costMethod: 'AVERAGE' | 'FIFO';
  };
}

/** Chance of the tests: Marsaglia's xorshift on 32 bits, independent of the generator that is shipped. */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed + 1, 0x9e3779b1) | 1;
    for (let i = 0; i < 8; i += 1) this.below(2);
  }

  /** 0 to n − 1. */
  below(n: number): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x;
    return Math.floor(((x >>> 0) / 4294967296) * n);
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

const MINUTE = 60_000_000;
/** Twelve minutes before a UTC midnight, so that DAY orders end within most markets. */
const START = Date.UTC(2024, 2, 5, 23, 48) * 1000;
const BASE_PRICE = 100;

export function drawScenario(seed: number): Scenario {
  const chance = new Chance(seed);
  const tick = chance.pick([1, 1, 1, 5]);
  const lot = chance.pick([1, 1, 10]);
  const shape = chance.pick(['bars', 'bars', 'bars', 'quotes', 'trades', 'mixed'] as const);
  const isCash = chance.oneIn(3);
  const isShare = isCash || chance.oneIn(2);
  const multiplier = isShare ? 1 : chance.pick([1, 1, 50]);
  // What some lots cost, or their margin comes to: a row or two against such a purchase, and it is cut, or the account closed by force.
  const isThin = chance.oneIn(2);
  const leverage = isCash ? 1 : isThin ? chance.pick([5, 10, 20]) : chance.pick([1, 2, 10]);
  const thinDollars = Math.ceil((BASE_PRICE * tick * lot * multiplier * chance.pick([2, 4, 8, 12])) / 100 / leverage);
  return {
    seed,
    rows: drawRows(chance, shape, tick, lot),
    matchOn: drawMatchOn(chance, shape),
    rules: {
      market: chance.pick(['nextOpen', 'nextOpen', 'thisClose', 'touch', 'last', 'nextTrade']),
      path: chance.pick(['openHighLowClose', 'openLowHighClose', 'nearestFirst', 'worstFirst']),
      triggeredLimit: chance.pick(['sameBar', 'nextBar']),
      throughTicks: chance.pick([0, 0, 0, 1, 2]),
      volumeShare: chance.pick([
        null,
        null,
        { numerator: 1, denominator: 1 },
        { numerator: 1, denominator: 3 },
        { numerator: 1, denominator: 10 },
      ]),
      slippageTicks: chance.pick([0, 0, 0, 1, 2]),
    },
    fee: drawFee(chance),
    ...drawLatency(chance),
    instrument: { kind: isShare ? 'EQUITY' : 'FUTURE', tick, lot, multiplier },
    account: {
      type: isCash ? 'CASH' : 'MARGIN',
      openingDollars: isThin ? thinDollars : chance.pick([100, 1_000, 100_000]),
      leverage,
      maintenancePpb: isThin ? chance.pick([0, 500_000_000, 900_000_000]) : chance.pick([0, 0, 250_000_000]),
      markedAt: chance.pick(['ENTRY', 'MARK']),
      costMethod: chance.pick(['AVERAGE', 'FIFO']),
    },
  };
}

function drawMatchOn(chance: Chance, shape: 'bars' | 'quotes' | 'trades' | 'mixed'): readonly Row['kind'][] {
  if (shape === 'bars') return ['bar'];
  if (shape === 'quotes') return ['quote'];
  if (shape === 'trades') return ['trade'];
  return chance.pick([['quote'], ['trade'], ['quote', 'trade']] as const);
}

function drawFee(chance: Chance): Fee {
  const toCents = chance.oneIn(3);
  return chance.pick<Fee>([
    { kind: 'none' },
    { kind: 'percentage', ratePpb: 2_000_000, on: 'both', toCents },
    { kind: 'percentage', ratePpb: 1_500_000, on: 'entry', toCents },
    { kind: 'percentage', ratePpb: 1_500_000, on: 'exit', toCents },
    { kind: 'makerTaker', makerPpb: -100_000, takerPpb: 500_000, toCents },
    { kind: 'perShare', rateBillionths: 5_000_000, minBillionths: 1_000_000_000, maxRatePpb: 5_000_000, toCents },
    { kind: 'perShare', rateBillionths: 5_000_000, minBillionths: 100_000_000, maxRatePpb: null, toCents },
  ]);
}

/** Half the markets have none; else microseconds, seconds within a bar, or more than a bar. */
function drawLatency(chance: Chance): Pick<Scenario, 'orderEntryUs' | 'responseUs'> {
  if (chance.oneIn(2)) return { orderEntryUs: 0, responseUs: 0 };
  const spans = [0, 1, 700_000, 15_000_000, 25_000_000, 70_000_000];
  return { orderEntryUs: chance.pick(spans), responseUs: chance.pick(spans) };
}

function drawRows(chance: Chance, shape: 'bars' | 'quotes' | 'trades' | 'mixed', tick: number, lot: number): readonly Row[] {
  const count = 5 + chance.below(chance.oneIn(4) ? 56 : 21);
  const rows: Row[] = [];
  let price = BASE_PRICE * tick;
  let ts = START;
  const step = (reach: number): number => Math.max(tick, price + (chance.below(2 * reach + 1) - reach) * tick);
  const quantity = (): number => chance.pick([1, 2, 5, 9, 30, 100, 500]) * lot;
  for (let at = 0; at < count; at += 1) {
    if (shape === 'bars') {
      const tsOpen = ts + (chance.oneIn(12) ? chance.below(3) * MINUTE : 0);
      ts = tsOpen + MINUTE;
      const open = chance.oneIn(6) ? step(8) : chance.oneIn(3) ? price : step(1);
      const [a, b, close] = [step(4), step(4), step(3)];
      price = close;
      rows.push({
        kind: 'bar',
        tsOpen,
        ts,
        open,
        high: Math.max(open, a, b, close),
        low: Math.min(open, a, b, close),
        close,
        volume: chance.oneIn(10) ? 0 : quantity() * 3,
      });
      continue;
    }
    ts += chance.oneIn(5) ? 0 : chance.pick([1, 400_000, 5_000_000, 30_000_000, MINUTE]);
    price = step(chance.oneIn(8) ? 6 : 2);
    if (shape === 'trades' || (shape === 'mixed' && chance.oneIn(2))) rows.push({ kind: 'trade', ts, price, quantity: quantity() });
    else {
      const ask = price + chance.below(3) * tick;
      const absent = chance.below(14);
      rows.push({
        kind: 'quote',
        ts,
        bid: absent === 0 ? 0 : price,
        ask: absent === 1 ? 0 : ask,
        bidSize: chance.oneIn(9) ? 0 : quantity(),
        askSize: quantity(),
      });
    }
  }
  // The total order: time, then quotes before trades; rows of one kind keep theirs.
  const rank = { quote: 4, trade: 6, bar: 7 } as const;
  return rows
    .map((row, at) => ({ row, at }))
    .sort((a, b) => a.row.ts - b.row.ts || rank[a.row.kind] - rank[b.row.kind] || a.at - b.at)
    .map(({ row }) => row);
}

/** An order as the scripted strategy asks for it, in whole counts. */
export interface Draft {
  readonly side: 1 | -1;
  readonly type: 'MARKET' | 'LIMIT' | 'STOP' | 'STOP_LIMIT';
  readonly quantity: number;
  readonly limit: number;
  readonly stop: number;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'DAY' | 'GTD';
  /** 0 where the time in force is not GTD. */
  readonly expireTs: number;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
  /** Set for an order that is sized at the fill: the share of equity it goes for; `quantity` is its stated maximum. */
  readonly weightPpb?: number;
}

/** A share of equity to hold, sized in the step of the fill. */
export interface Target {
  readonly weightPpb: number;
  /** The stated maximum in tenths of the quantity at the decision. */
  readonly maxTenths: number;
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'DAY';
}

/** What the scripted strategy sees and can do, in the engine and in the twin. */
export interface Desk {
  readonly now: number;
  /** Last price in counts, 0 for none. */
  readonly lastPrice: number;
  readonly position: number;
  /** Ids of open orders, oldest first, with what a change may name. */
  openOrders(): readonly { readonly id: number; readonly hasLimit: boolean; readonly hasStop: boolean }[];
  submit(draft: Draft): void;
  /** Asked for only where a last price is known. */
  target(target: Target): void;
  cancel(id: number): void;
  modify(id: number, quantity: number, limit: number, stop: number): void;
}

const ORDERS_MAX = 60;

/** Decides from its own generator and from what the desk shows it; the same script runs in both. */
export class Script {
  private readonly chance: Chance;
  private readonly scenario: Scenario;
  private readonly desk: Desk;
  private asked = 0;

  constructor(scenario: Scenario, desk: Desk) {
    this.chance = new Chance(scenario.seed + 0x5bd1e995);
    this.scenario = scenario;
    this.desk = desk;
  }

  onRow(): void {
    const { chance } = this;
    if (chance.oneIn(2)) this.ask();
    if (chance.oneIn(6)) this.ask();
    const open = this.desk.openOrders();
    if (open.length === 0) return;
    const order = chance.pick(open);
    if (chance.oneIn(7)) this.desk.cancel(order.id);
    else if (chance.oneIn(5) && (order.hasLimit || order.hasStop)) {
      this.desk.modify(order.id, this.quantity(), order.hasLimit ? this.price(4) : 0, order.hasStop ? this.price(4) : 0);
    }
  }

  onFill(): void {
    const { chance } = this;
    if (chance.oneIn(3)) this.ask();
    const open = this.desk.openOrders();
    if (open.length > 0 && chance.oneIn(5)) this.desk.cancel(chance.pick(open).id);
  }

  onEnded(): void {
    if (this.chance.oneIn(8)) this.ask();
  }

  private ask(): void {
    const { chance, desk } = this;
    if (this.asked >= ORDERS_MAX) return;
    this.asked += 1;
    if (desk.lastPrice !== 0 && chance.oneIn(8)) {
      const shares = this.scenario.account.type === 'CASH' ? [0, 0.25, 0.5, 1, 1] : [-1.5, -1, -0.3, 0, 0.5, 1, 2];
      desk.target({
        weightPpb: Math.round(chance.pick(shares) * 1_000_000_000),
        maxTenths: chance.pick([10, 11, 15]),
        timeInForce: chance.pick(['GTC', 'GTC', 'IOC', 'FOK', 'DAY']),
      });
      return;
    }
    const type = chance.pick(['MARKET', 'MARKET', 'LIMIT', 'LIMIT', 'LIMIT', 'STOP', 'STOP', 'STOP_LIMIT'] as const);
    const timeInForce = chance.pick(['GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'DAY', 'GTD'] as const);
    // Half of the time away from what is held, so that positions are closed and reduce-only orders pass.
    const side = desk.position !== 0 && chance.oneIn(2) ? (desk.position > 0 ? -1 : 1) : chance.pick([1, -1] as const);
    const reduceOnly = chance.oneIn(6);
    desk.submit({
      side,
      type,
      quantity: reduceOnly && chance.oneIn(2) ? Math.max(1, Math.abs(desk.position)) : this.quantity(),
      limit: type === 'LIMIT' || type === 'STOP_LIMIT' ? this.price(4) : 0,
      stop: type === 'STOP' || type === 'STOP_LIMIT' ? this.price(4) : 0,
      timeInForce,
      expireTs: timeInForce === 'GTD' ? desk.now + chance.pick([0, 1, 20_000_000, MINUTE, 3 * MINUTE, 3 * MINUTE - 1]) : 0,
      postOnly: chance.oneIn(8),
      reduceOnly,
    });
  }

  /** Now and then off the lot: that is denied. */
  private quantity(): number {
    const { lot } = this.scenario.instrument;
    return lot * (1 + this.chance.below(12)) + (this.chance.oneIn(40) ? 1 : 0);
  }

  private price(reach: number): number {
    const { tick } = this.scenario.instrument;
    const around = this.desk.lastPrice === 0 ? BASE_PRICE * tick : Math.floor(this.desk.lastPrice / tick) * tick;
    const price = Math.max(tick, around + (this.chance.below(2 * reach + 1) - reach) * tick);
    return this.chance.oneIn(60) ? price + 1 : price;
  }
}
