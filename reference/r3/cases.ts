import { account, equity, exact, fill, printed, type ReferenceCase, text } from '../reference-case.ts';

/** QuantConnect LEAN: regression algorithms and the statistics they must end with. */
export const R3_CASES: readonly ReferenceCase[] = [
  {
    id: 'R3.1',
    title: 'BasicTemplateAlgorithm: all in SPY, minutes, adjusted prices',
    runs: [{ file: 'r3/r3-1.yaml' }],
    rows: [
      exact('shares', '688', (run) => fill(run!, 0).quantity),
      exact('fill price, USD', '144.78172417', (run) => fill(run!, 0).price),
      text('fill time: 09:31 in New York', '2013-10-07T13:31:00', (run) => fill(run!, 0).time.slice(0, 19)),
      exact('last price, USD', '147.24590998', (run) => run!.positions[0]?.markPrice ?? 'none'),
      exact('fee, USD', '3.44', (run) => account(run!).commissions['USD'] ?? '0'),
      exact('orders', '1', (run) => run!.orderCounts.total),
      printed('end equity, USD', '101691.92', (run) => equity(run!)),
    ],
  },
  {
    id: 'R3.2',
    title: 'BasicTemplateDailyAlgorithm: all in SPY, days, adjusted prices',
    runs: [{ file: 'r3/r3-2.yaml' }],
    rows: [
      exact('shares', '697', (run) => fill(run!, 0).quantity),
      text('fill time: open of 2013-10-09 in New York', '2013-10-09T13:30:00', (run) => fill(run!, 0).time.slice(0, 19)),
      exact('fee, USD', '3.485', (run) => account(run!).commissions['USD'] ?? '0'),
      exact('orders', '1', (run) => run!.orderCounts.total),
      printed('end equity, USD', '104486.22', (run) => equity(run!)),
    ],
  },
  {
    id: 'R3.5',
    title: 'DividendAlgorithm: half in SPY, days, raw prices, dividends in cash',
    runs: [{ file: 'r3/r3-5.yaml' }],
    rows: [
      exact('shares', '512', (run) => fill(run!, 0).quantity),
      exact('fill price, USD', '97.84', (run) => fill(run!, 0).price),
      text('fill time: open of 1998-01-05 in New York', '1998-01-05T14:30:00', (run) => fill(run!, 0).time.slice(0, 19)),
      exact('fee, USD', '2.56', (run) => account(run!).commissions['USD'] ?? '0'),
      exact('dividends, USD', '6789.12', (run) => account(run!).dividends['USD'] ?? '0'),
      exact('end equity, USD', '120462.08', (run) => equity(run!)),
    ],
  },
];
