import { answerRounds } from './rounds-protocol.ts';
import { tickBacktest } from '../cross-run.ts';
import { readerOver, WalkReader } from '../ticks.ts';
import { type InstrumentIndex, Strategy, type TradeTick } from '../../src/index.ts';

/*
 * tick-to-fill.ts EVENTS_MAX: the real engine, handed one trade after another at 100,000 a second, from the clock. Every tenth brings a market order, which
 * fills at the venue without latency; noted is how long after the instant at which the trade was due its fill was booked. Events go on from round to round.
 */
const EVERY = 10;
const PACE_MS = 0.01;
const MS_TO_US = 1000;

/** Buys and sells one unit in turn, at every tenth trade. */
class EveryTenth extends Strategy {
  private seen = 0;

  override onStart(): void {
    this.subscribeTrades(this.instruments[0] as InstrumentIndex);
  }

  override onTrade(trade: TradeTick): void {
    this.seen += 1;
    if (this.seen % EVERY === 0) this.marketOrder(trade.instrument, this.seen % (2 * EVERY) === 0 ? 'BUY' : 'SELL', 1);
  }
}

const eventsMax = Number(process.argv[2]);
const block = new WalkReader(eventsMax, eventsMax).next()!;
block.isValidated = true;
const slot = { name: 'every-tenth', strategyClass: EveryTenth, parameters: {}, instruments: [0] };
const backtest = tickBacktest(readerOver(block, eventsMax), [slot]);
let booked = 0;

await answerRounds((events) => {
  const late = new Float64Array(Math.floor(events / EVERY));
  const start = performance.now() + PACE_MS;
  for (let event = 0; event < late.length * EVERY; event += 1) {
    const due = start + event * PACE_MS;
    while (performance.now() < due);
    backtest.advance(1);
    if (event % EVERY === EVERY - 1) late[Math.floor(event / EVERY)] = (performance.now() - due) * MS_TO_US;
  }
  const ns = (performance.now() - start) * 1e6;
  booked += late.length;
  const { length } = backtest.recorder.fills;
  if (length !== booked) throw new Error(`${length} fills of ${booked} orders`);
  late.sort();
  const atShare = (share: number): number => late[Math.floor((late.length - 1) * share)]!;
  return { ns, checksum: '', p50: atShare(0.5), p99: atShare(0.99), p999: atShare(0.999) };
});
