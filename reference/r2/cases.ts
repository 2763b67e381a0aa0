import { account, balance, day, equity, exact, fill, type ReferenceCase, type ReferenceRow, sum, text } from '../reference-case.ts';

/** Of both runs; the same days and prices. */
const FILLS: readonly string[] = [
  '2006-01-27 BUY 3643.35',
  '2006-03-03 SELL 3763.95',
  '2006-03-13 BUY 3801.03',
  '2006-03-29 SELL 3811.85',
  '2006-03-31 BUY 3872.37',
  '2006-04-10 SELL 3822.35',
  '2006-04-21 BUY 3863.57',
  '2006-05-04 SELL 3822.57',
  '2006-05-05 BUY 3845.32',
  '2006-05-12 SELL 3829.82',
  '2006-06-02 BUY 3656.43',
  '2006-06-06 SELL 3598.58',
  '2006-06-22 BUY 3542.65',
  '2006-07-14 SELL 3545.92',
  '2006-07-25 BUY 3639.65',
  '2006-09-07 SELL 3766.80',
  '2006-09-13 BUY 3799.86',
  '2006-09-20 SELL 3782.15',
  '2006-09-21 BUY 3840.20',
  '2006-11-03 SELL 3979.73',
  '2006-11-07 BUY 4047.63',
  '2006-11-27 SELL 4045.05',
  '2006-12-12 BUY 4052.55',
];

const FILL_ROWS: readonly ReferenceRow[] = [
  exact('buys', '12', (run) => run!.fills.filter((each) => each.side === 'BUY').length),
  exact('sells', '11', (run) => run!.fills.filter((each) => each.side === 'SELL').length),
  ...FILLS.map((expected, index) =>
    text(`fill ${index + 1}`, expected, (run) => {
      const { time, side, price } = fill(run!, index);
      return `${day(time)} ${side} ${price}`;
    }),
  ),
];

/** backtrader: tests/test_strategy_unoptimized.py. */
export const R2_CASES: readonly ReferenceCase[] = [
  {
    id: 'R2.1',
    title: 'close against SMA 15 on 2006-day-001, as a share',
    runs: [{ file: 'r2/r2-1.yaml' }],
    rows: [exact('final value', '10284.10', (run) => equity(run!)), exact('cash', '6164.16', (run) => balance(run!, 'EUR')), ...FILL_ROWS],
  },
  {
    id: 'R2.2',
    title: 'the same as a future: multiplier 10, margin 1,000, commission 2',
    runs: [{ file: 'r2/r2-2.yaml' }],
    rows: [
      exact('final value', '12795.00', (run) => equity(run!)),
      // What backtrader calls cash has the open profit in it and the margin taken out.
      exact('cash: value less margin', '11795.00', (run) => sum([equity(run!), `-${account(run!).locked['EUR'] ?? '0'}`])),
      ...FILL_ROWS,
    ],
  },
];
