import { account, balance, equity, exact, fill, type ReferenceCase } from '../reference-case.ts';

/** NautilusTrader: acceptance tests, and two of its examples that are added up by hand. */
export const R4_CASES: readonly ReferenceCase[] = [
  {
    id: 'R4.1',
    title: 'EMA cross 10/20 on minute bars built from quotes, cash account',
    runs: [{ file: 'r4/r4-1.yaml' }],
    rows: [
      exact('orders', '902', (run) => run!.orderCounts.total),
      exact('filled', '902', (run) => run!.orderCounts.filled),
      exact('BTC', '10', (run) => balance(run!, 'BTC')),
      exact('USDT', '9999954.94313300', (run) => balance(run!, 'USDT')),
    ],
  },
  {
    id: 'R4.2',
    title: '10 BTC bought and sold on margin, taker fee 0.05 %',
    // The second run ends while the position is open.
    runs: [{ file: 'r4/r4-2.yaml' }, { file: 'r4/r4-2.yaml', set: ['period.to=2021-12-31T23:05:00Z'] }],
    rows: [
      exact('bought at', '46377.0', (run) => fill(run!, 0).price),
      exact('sold at', '46448.0', (run) => fill(run!, 1).price),
      exact('after the entry: total, USDT', '999768.115', (_, held) => balance(held!, 'USDT')),
      exact('after the entry: locked, USDT', '1159.425', (_, held) => account(held!).locked['USDT'] ?? '0'),
      exact('final, USDT', '1000245.875', (run) => balance(run!, 'USDT')),
    ],
  },
  {
    id: 'R4.8-AUD',
    title: '100,000 AUD/USD, fee 0.002 % rounded to cents',
    runs: [{ file: 'r4/r4-8-aud.yaml' }],
    rows: [
      exact('commission of the buy, USD', '1.40', (run) => fill(run!, 0).commission),
      exact('commission of the sell, USD', '1.40', (run) => fill(run!, 1).commission),
      exact('final, USD', '1000017.20', (run) => equity(run!)),
    ],
  },
  {
    id: 'R4.8-ETH',
    title: 'half an ETH from a cash account, fee 0.01 %',
    runs: [{ file: 'r4/r4-8-eth.yaml' }],
    rows: [
      exact('commission of the buy, USDT', '0.10', (run) => fill(run!, 0).commission),
      exact('commission of the sell, USDT', '0.10005', (run) => fill(run!, 1).commission),
      exact('ETH', '10', (run) => balance(run!, 'ETH')),
      exact('final, USDT', '100000.29995', (run) => balance(run!, 'USDT')),
    ],
  },
];
