import { afterAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../test/files-kit.ts';
import { infoText } from '../../adapters/binance/feed.fixture.ts';
import type { HttpAnswer } from '../../adapters/binance/transport.ts';
import { BlockKind } from '../../model/blocks.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { HandClock } from '../../runtime/hand-clock.fixture.ts';
import { readRunFile } from '../run-file/read-run-file.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { resolveRun } from '../backtest/resolve-run.ts';
import { checkSymbols } from './check-symbols.ts';
import { liveMarketText } from './live-market.ts';
import { planSession, type PlannedSession } from './plan-session.ts';

const folder = makeFolder();
afterAll(() => folder.remove());
const NOW = 1_700_000_000_000_000;
const ALL = '{ kind: quotes, live: binance }, { kind: trades, live: { symbol: BTCUSDT } }, { every: 60m, live: binance }';

interface Written {
  readonly data?: string;
  readonly instrument?: string;
  readonly more?: string;
}

function loaded({ data = ALL, instrument = 'priceDecimals: 2, quantityDecimals: 5', more = '' }: Written = {}) {
  const text = `instruments: [{ id: BTC-USDT.BINANCE, kind: spot, ${instrument} }]
accounts: [{ balances: { USDT: 1000 } }]
strategies: [{ use: moving-average-crossover }]
data: [${data}]
${more}
`;
  return readRunFile(folder.write('run.yaml', text));
}

const planned = (written?: Written): Promise<PlannedSession> => planSession(loaded(written), loadStrategyFile, NOW);

async function problemsOf(work: Promise<unknown>): Promise<readonly InputProblem[]> {
  const error: unknown = await work.catch((cause: unknown) => cause);
  if (error instanceof InputError) return error.problems;
  throw new Error(`it was not refused: ${String(error)}`);
}

describe('a live session', () => {
  it('begins now, without history, and hears the streams of its run file under the names of the venue', async () => {
    const { plan, live, isGenerated } = await planned();
    expect([plan.startTs, plan.tradingFromTs, isGenerated]).toEqual([NOW, NOW, false]);
    expect(plan.kinds).toEqual([[BlockKind.QUOTES, BlockKind.TRADES, BlockKind.BARS]]);
    expect(live!.subscriptions.map(({ symbol, kind, every }) => [symbol, kind, every])).toEqual([
      ['BTCUSDT', BlockKind.QUOTES, null],
      ['BTCUSDT', BlockKind.TRADES, null],
      ['BTCUSDT', BlockKind.BARS, '1h'],
    ]);
    expect(liveMarketText(live!)).toBe('live from Binance Spot at data-stream.binance.vision: BTC-USDT.BINANCE quotes, trades, bars 1h');
  });

  it('hears the order book of the venue, and orders meet it', async () => {
    const { plan, live } = await planned({ data: '{ kind: book-deltas, live: binance }, { kind: trades, live: binance }' });
    expect(plan.kinds).toEqual([[BlockKind.BOOK_DELTAS, BlockKind.TRADES]]);
    expect(plan.venues[0]!.instruments[0]!.matchOn).toEqual([BlockKind.BOOK_DELTAS]);
    expect(liveMarketText(live!)).toContain('BTC-USDT.BINANCE book-deltas, trades');
  });

  it('is the same wherever the venue is heard', async () => {
    const at = await planned({
      data: ALL.replaceAll('live: binance', 'live: { url: "http://127.0.0.1:1" }').replace(
        'BTCUSDT }',
        'BTCUSDT, url: "http://127.0.0.1:1" }',
      ),
    });
    expect(at.live!.addresses).toEqual({ rest: 'http://127.0.0.1:1', streams: 'ws://127.0.0.1:1' });
    expect(at.plan.identity).toEqual((await planned()).plan.identity);
  });

  it.each<[string, Written, string]>([
    [
      'a generated market beside it',
      { data: `${ALL}, { kind: quotes, generated: { seed: 1, startPrice: 1 } }` },
      'hears a live market or plays another',
    ],
    ['a period', { more: 'period: { from: 2024-01-01 }' }, 'Live data has no period'],
    ['the same stream twice', { data: `${ALL}, { kind: quotes, live: { symbol: BTCUSDT } }` }, 'two streams of these rows'],
    ['two addresses', { data: `${ALL}, { every: 1m, live: { url: "http://127.0.0.1:1" } }` }, 'one venue at one address'],
    ['an address with a path', { data: '{ kind: quotes, live: { url: "http://127.0.0.1:1/api" } }' }, 'no address of a server'],
    ['bars of an unknown length', { data: '{ every: 7m, live: binance }' }, 'no candles of this length'],
    ['bars without a length', { data: '{ live: binance }' }, 'Which candles'],
    ['bars of quotes', { data: '{ kind: quote-bars, every: 1m, live: binance }' }, 'do not come live'],
    ['bars as quotes', { data: '{ every: 1m, as: quotes, live: binance }' }, 'taken as it is'],
    ['a symbol in small letters', { data: '{ kind: quotes, live: { symbol: btcusdt } }' }, ''],
    ['another venue', { data: '{ kind: quotes, live: kraken }' }, ''],
  ])('refuses %s with the line of the run file', async (_, written, rule) => {
    const [problem] = await problemsOf(Promise.resolve().then(() => planned(written)));
    expect(problem).toMatchObject({ code: 'RUN_FILE_INVALID', line: expect.any(Number), rule: expect.stringContaining(rule) });
  });

  it('is no backtest: the refusal says what to do', async () => {
    const run = await resolveRun(loaded(), loadStrategyFile);
    expect(() => run.open()).toThrow(/run\.yaml:4, column "data\[0\]\.live".*quanthybrid paper.*data record/);
  });
});

interface Means {
  readonly clock: HandClock;
  readonly fetchText: (url: string) => Promise<HttpAnswer>;
}

describe('the instruments of a live session', () => {
  const clock = new HandClock(NOW);
  const answering = (body: string, status = 200) => ({
    clock,
    fetchText: (): Promise<HttpAnswer> => Promise.resolve({ status, header: () => null, body }),
  });
  const checked = async (instrument: string, means: Means = answering(infoText())): Promise<string | null> => {
    const run = loaded({ instrument });
    return checkSymbols((await planSession(run, loadStrategyFile, NOW)).live!, run, means);
  };

  it.each(['priceDecimals: 2, quantityDecimals: 5', 'priceDecimals: 4, tickSize: 0.01, quantityDecimals: 8, lotSize: 0.00001'])(
    'may be what the venue says, in any number of decimals: %s',
    async (instrument) => {
      expect(await checked(instrument)).toBeNull();
    },
  );

  it.each([
    ['priceDecimals: 1, quantityDecimals: 5', 'tickSize of BTC-USDT.BINANCE is 0.1; the venue says 0.01.'],
    ['priceDecimals: 3, quantityDecimals: 5', 'tickSize of BTC-USDT.BINANCE is 0.001; the venue says 0.01.'],
    ['priceDecimals: 2, quantityDecimals: 3', 'lotSize of BTC-USDT.BINANCE is 0.001; the venue says 0.00001.'],
    ['priceDecimals: 2, quantityDecimals: 5, base: ETH', 'BTC-USDT.BINANCE trades ETH for USDT; BTCUSDT trades BTC for USDT.'],
  ])('are refused where the venue says otherwise: %s', async (instrument, rule) => {
    expect(await problemsOf(checked(instrument))).toMatchObject([{ code: 'FEED_INSTRUMENT_DIFFERS', line: 1, rule }]);
  });

  it('are refused where the venue has no such symbol', async () => {
    const means = answering('{"code":-1121,"msg":"Invalid symbol."}', 400);
    expect(await problemsOf(checked('priceDecimals: 2, quantityDecimals: 5', means))).toMatchObject([
      { code: 'FEED_SYMBOL_UNKNOWN', rule: 'The venue has no symbol BTCUSDT.' },
    ]);
  });

  it('are refused with the symbols that the venue has instead', async () => {
    const listed = JSON.parse(infoText().replaceAll('BTCUSDT', 'BTCUSDC').replaceAll('"USDT"', '"USDC"')) as { symbols: object[] };
    const halted = { ...listed.symbols[0], symbol: 'BTCUST', status: 'BREAK' };
    const body = JSON.stringify({ ...listed, symbols: [halted, ...listed.symbols] });
    const fetchText = (url: string): Promise<HttpAnswer> =>
      Promise.resolve(
        url.includes('symbols=') ? { status: 400, header: () => null, body: '{"code":-1121}' } : { status: 200, header: () => null, body },
      );
    expect(await problemsOf(checked('priceDecimals: 2, quantityDecimals: 5', { clock, fetchText }))).toMatchObject([
      {
        code: 'FEED_SYMBOL_UNKNOWN',
        rule: 'The venue has no symbol BTCUSDT. It has BTCUSDC.',
        fix: expect.stringContaining('symbol: BTCUSDC'),
      },
    ]);
  });

  it('are taken as they are where the venue is away, or does not answer', async () => {
    expect(await checked('priceDecimals: 1, quantityDecimals: 5', answering('', 503))).toContain('HTTP 503');
    const silent = { clock, fetchText: (): Promise<HttpAnswer> => new Promise<never>((_, reject) => void refusals.push(reject)) };
    const refusals: ((error: Error) => void)[] = [];
    const waiting = checked('priceDecimals: 1, quantityDecimals: 5', silent);
    await new Promise((resolve) => {
      const look = (): void => void (refusals.length > 0 ? resolve(null) : setImmediate(look));
      look();
    });
    clock.advanceTo(clock.now() + 10_000_000);
    for (const refuse of refusals) refuse(new Error('aborted'));
    expect(await waiting).toContain('aborted');
  });
});
