import { z } from 'zod';
import { INSTRUMENT_DECIMALS_MAX } from '../../model/instrument.ts';
import {
  decimalFromZero,
  integer,
  keys,
  kinds,
  listOf,
  namedBy,
  optional,
  positiveDecimal,
  rate,
  required,
  share,
  text,
  words,
} from './schema-parts.ts';
import { bookFillsSchema, latencySchema } from './schema-venue.ts';

const rounding = optional(
  z.union(
    [
      words(['exact', 'display']),
      keys({
        decimals: required(integer(0, 12), 'Decimals that each fee is rounded to.', '2'),
        mode: optional(words(['half-even', 'half-up', 'up', 'down', 'floor', 'ceiling']), 'half-even', 'Which way.', 'half-up'),
      }),
    ],
    { error: () => 'Give exact, display, or { decimals: 2, mode: half-even }.' },
  ),
  'exact',
  '`exact` keeps every digit; `display` rounds half to even to what people write (USD 2, BTC 8); or decimals and a mode.',
  'display',
);
const onSides = words(['both', 'entry', 'exit']);

/** How a venue charges. */
const feesSchema = kinds(
  [
    keys({ kind: required(z.literal('none'), 'Nothing is charged.', 'none') }),
    keys({
      kind: required(z.literal('percentage'), 'A share of the value of each fill.', 'percentage'),
      rate: required(rate, 'Share of the value: 0.002 is 0.2 %.', '0.002'),
      on: optional(onSides, 'both', 'Whether what opens a position is charged, what closes one, or both.', 'both'),
      rounding,
    }),
    keys({
      kind: required(z.literal('perShare'), 'An amount per unit, with a minimum and a cap per order.', 'perShare'),
      rate: required(rate, 'Per unit of quantity, in the settlement currency.', '0.005'),
      min: optional(rate, '0', 'Least per order.', '1'),
      maxRate: optional(rate, 'no cap', 'Most per order, as a share of its value.', '0.005'),
      whenMinExceedsMax: optional(words(['max', 'min']), 'max', 'Which holds where the least is above the most.', 'max'),
      rounding,
    }),
    keys({
      kind: required(z.literal('perContract'), 'An amount per contract (unit of quantity).', 'perContract'),
      amount: required(rate, 'Per contract, in the settlement currency.', '2.0'),
      rounding,
    }),
    keys({
      kind: required(z.literal('fixedPlusPercentage'), 'An amount per order and a share of the value.', 'fixedPlusPercentage'),
      fixed: required(rate, 'Per order, in the settlement currency.', '10'),
      rate: required(rate, 'Share of the value.', '0.01'),
      rounding,
    }),
    keys({
      kind: required(z.literal('makerTaker'), 'One share for orders that rest, one for those that take.', 'makerTaker'),
      maker: required(rate, 'Share of the value for fills of resting orders; negative is a rebate.', '-0.0001'),
      taker: required(rate, 'Share of the value for fills that take.', '0.0005'),
      rounding,
    }),
    keys({
      kind: required(z.literal('tiers'), 'Maker and taker by own traded value.', 'tiers'),
      windowDays: optional(integer(1, 366), '30', 'Days that the traded value is summed over.', '30'),
      tiers: required(
        listOf(
          keys({
            from: required(
              integer(0, Number.MAX_SAFE_INTEGER),
              'Traded value at which the tier begins, whole units of the settlement currency; 0 for the first.',
              '0',
            ),
            maker: required(rate, 'Share for resting orders.', '0.0002'),
            taker: required(rate, 'Share for orders that take.', '0.0005'),
          }),
        )
          .min(1, { error: 'Give at least one tier, the first from 0.' })
          .refine((tiers) => tiers.every(({ from }, at) => at === 0 || from > tiers[at - 1]!.from), {
            error: 'Let each tier begin above the one before it.',
          }),
        'The tiers, rising.',
        '[{ from: 0, maker: 0.0002, taker: 0.0005 }]',
      ),
      rounding,
    }),
  ],
  ['none', 'percentage', 'perShare', 'perContract', 'fixedPlusPercentage', 'makerTaker', 'tiers'],
);

const slippageSchema = kinds(
  [
    keys({ kind: required(z.literal('none'), 'Fills at the price seen.', 'none') }),
    keys({
      kind: required(z.literal('ticks'), 'Worse by some price increments.', 'ticks'),
      ticks: required(integer(0, 1_000_000), 'How many.', '1'),
    }),
    keys({
      kind: required(z.literal('bps'), 'Worse by a share of the price.', 'bps'),
      bps: required(integer(0, 10_000), 'Ten-thousandths of the price.', '5'),
    }),
    keys({
      kind: required(z.literal('volumeImpact'), 'Worse by price × coefficient × (quantity ÷ volume)².', 'volumeImpact'),
      coefficient: required(rate, 'The coefficient.', '0.1'),
    }),
  ],
  ['none', 'ticks', 'bps', 'volumeImpact'],
);

/** When and at what orders fill; what an instrument states takes the place of the same key of its venue. */
const fillsSchema = keys({
  market: optional(
    words(['nextOpen', 'nextTrade', 'thisClose', 'last', 'touch']),
    'nextOpen',
    "When a market order fills: at the next bar's open (or next trade or quote); at once at the last price (`thisClose`, `last`); at once at bid or ask (`touch`).",
    'nextOpen',
  ),
  limit: optional(
    words(['touch', 'through']),
    'touch',
    'A resting limit fills when the price reaches it, or only when the price goes through it.',
    'through',
  ),
  throughTicks: optional(integer(1, 1_000_000), '1', 'With `limit: through`: how many increments beyond.', '1'),
  triggeredLimit: optional(
    words(['sameBar', 'nextBar']),
    'sameBar',
    'The limit of a stop-limit is judged from the rest of the bar that triggers it, or from the next.',
    'nextBar',
  ),
  path: optional(
    words(['openHighLowClose', 'openLowHighClose', 'nearestFirst', 'worstFirst']),
    'nearestFirst',
    'Order in which a bar is assumed to have visited high and low.',
    'worstFirst',
  ),
  volumeShare: optional(
    share.refine((value) => Number(value) > 0, { error: 'Give a share above zero; leave it out for no bound.' }),
    'no bound',
    "Share of a bar's volume (or a tick's quantity) that our orders may take.",
    '0.1',
  ),
  slippage: optional(
    slippageSchema,
    '{ kind: none }',
    'How much worse than the price seen an order that takes fills.',
    '{ kind: ticks, ticks: 1 }',
  ),
  book: optional(
    bookFillsSchema,
    'for instruments with book-deltas whose fills say nothing else; else not',
    'Orders trade against the recorded book: [depth](../concepts/depth.md). Stands alone: of the other keys here none is used with it. All instruments of a venue do, or none.',
    '{ queue: { kind: riskAverse } }',
  ),
  matchOn: optional(
    listOf(words(['bars', 'quote-bars', 'trades', 'quotes'])),
    'the finest data of the instrument',
    'Kinds of data that move orders. The finest: quotes and trades where there are any; else the shortest bars, quote bars before bars of the same length.',
    '[bars]',
  ),
  matchEvery: optional(text, 'the shortest', 'Of several bar series, the one that moves orders.', '1d'),
});

const marginSchema = kinds(
  [
    keys({ kind: required(z.literal('none'), 'No margin is asked for.', 'none') }),
    keys({
      kind: required(z.literal('leverage'), 'Margin = value × rate ÷ leverage.', 'leverage'),
      leverage: optional(positiveDecimal, '1', 'What the rates are divided by.', '10'),
      initialRate: optional(share, '1', 'Share of the value asked for to open.', '1'),
      maintenanceRate: optional(share, '0', 'Share of the value below which the venue liquidates.', '0.025'),
      markedAt: optional(words(['entry', 'mark']), 'mark', 'Whether the value is taken at the entry price or at the mark.', 'entry'),
      locks: optional(words(['initial', 'maintenance']), 'initial', 'Which of the two is taken out of the free balance.', 'maintenance'),
    }),
    keys({
      kind: required(z.literal('perContract'), 'A fixed sum per contract (unit of quantity).', 'perContract'),
      initial: required(decimalFromZero, 'Settlement money per contract, to open.', '1000'),
      maintenance: optional(decimalFromZero, 'initial', 'Settlement money per contract below which the venue liquidates.', '1000'),
      locks: optional(words(['initial', 'maintenance']), 'initial', 'Which of the two is taken out of the free balance.', 'initial'),
    }),
  ],
  ['none', 'leverage', 'perContract'],
);

export const accountSchema = keys({
  venue: optional(
    text,
    'the only venue of the instruments',
    'Where the account is: the part of an instrument id after the last dot.',
    'NASDAQ',
  ),
  type: optional(
    words(['cash', 'margin']),
    'margin',
    '`cash` owes nothing and sells only what it has; `margin` may be short and may owe, within its margin.',
    'cash',
  ),
  currency: optional(text, 'the only (else the first) currency of the balances', 'Currency that equity is stated in.', 'USD'),
  balances: required(namedBy(decimalFromZero), 'What the account starts with, by currency.', '{ USD: 10000 }'),
  margin: optional(
    marginSchema,
    '{ kind: leverage, leverage: 1, initialRate: 1, maintenanceRate: 0 }; cash accounts: none',
    'Margin terms of every instrument without its own.',
    '{ kind: leverage, leverage: 10 }',
  ),
  positions: optional(
    words(['netting', 'hedging']),
    'netting',
    'One signed position per instrument, or long and short side by side.',
    'hedging',
  ),
  cost: optional(words(['average', 'fifo']), 'average', 'What a close takes out of the cost.', 'fifo'),
  weightBuffer: optional(share, '0', 'Share of equity that target weights leave aside (LEAN: 0.0025).', '0.0025'),
});

export const venueSchema = keys({
  name: required(text, 'As in instrument ids.', 'NASDAQ'),
  latency: optional(latencySchema, 'none', 'How long orders, reports and market data take.', '{ orderEntry: 5ms, response: 5ms }'),
  fills: optional(fillsSchema, 'as its keys say', 'When and at what orders fill.', '{ market: nextOpen }'),
  fees: optional(feesSchema, '{ kind: none }', 'What the venue charges.', '{ kind: percentage, rate: 0.002 }'),
});

export const instrumentSchema = keys({
  id: required(
    text.regex(/^[^\s.][^\s]*\.[^\s.]+$/, { error: 'Write SYMBOL.VENUE, such as GOOG.NASDAQ.' }),
    'SYMBOL.VENUE.',
    'GOOG.NASDAQ',
  ),
  kind: required(words(['spot', 'equity', 'fx', 'future', 'perpetual', 'inverse-perpetual']), 'What it is.', 'equity'),
  base: optional(
    text,
    'the symbol (equity, future); its part before "-" or "/" (others)',
    'What is bought. The ledger knows a share by it: no other share at the venue and no currency of the run may have the same.',
    'BTC',
  ),
  quote: optional(text, 'the symbol\'s part after "-" or "/"; else the currency of the account', 'What prices are stated in.', 'USD'),
  priceDecimals: optional(
    integer(0, INSTRUMENT_DECIMALS_MAX),
    '2 (fx 5)',
    'Decimals that prices are counted in; adjusted prices need 8.',
    '2',
  ),
  tickSize: optional(positiveDecimal, 'one count of priceDecimals', 'Order prices are multiples of it.', '0.01'),
  quantityDecimals: optional(
    integer(0, INSTRUMENT_DECIMALS_MAX),
    '8 (spot), 3 (perpetual), else 0',
    'Decimals that quantities are counted in.',
    '0',
  ),
  lotSize: optional(positiveDecimal, 'one count of quantityDecimals', 'Order quantities are multiples of it.', '1'),
  multiplier: optional(
    positiveDecimal,
    '1',
    'Futures and perpetuals: value of one unit per point of price; of an inverse perpetual, the face value of a contract.',
    '50',
  ),
  minQuantity: optional(decimalFromZero, '0 (none)', 'Smallest order.', '1'),
  maxQuantity: optional(decimalFromZero, '0 (none)', 'Largest order.', '10000'),
  minNotional: optional(decimalFromZero, '0 (none)', 'Smallest order value, in the quote currency.', '10'),
  calendar: optional(
    words(['24/7', 'us-equity', 'fx', 'cme-globex']),
    '24/7',
    'When it trades: ends of DAY orders, sessions of bars, gaps.',
    'us-equity',
  ),
  expiry: optional(text, 'none', 'Of a future: date or instant, UTC.', '2026-03-20'),
  fees: optional(feesSchema, "the venue's", "In place of the venue's.", '{ kind: perContract, amount: 2 }'),
  fills: optional(fillsSchema, "the venue's", "Single rules in place of the venue's.", '{ market: touch }'),
  margin: optional(marginSchema, "the account's", "In place of the account's.", '{ kind: perContract, initial: 1000 }'),
});

/** Values of strategy parameters: what a strategy's descriptors can describe. */
const parameterValue = z.union([z.number(), z.boolean(), z.string()], { error: () => 'Give a number, true or false, or a text.' });

export const strategySchema = keys({
  use: optional(text, 'file', 'Name of a shipped strategy.', 'moving-average-crossover'),
  file: optional(text, 'use', 'TypeScript file of your own, relative to the run file.', './my-strategy.ts'),
  class: optional(text, 'the only one', 'With `file`: which of several exported classes.', 'MyStrategy'),
  name: optional(
    text,
    'that of the strategy',
    'What orders, logs and reports call it; must differ where one strategy runs twice.',
    'cross',
  ),
  instruments: optional(listOf(text), 'all of the run', 'What it is given, in order.', '[GOOG.NASDAQ]'),
  parameters: optional(namedBy(parameterValue), "the strategy's own", 'Values of its parameters.', '{ fast: 10, slow: 30 }'),
});
