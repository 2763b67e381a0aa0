import type { Command } from 'commander';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { MINUTE_US } from '../../model/civil-date.ts';
import { LIVE_SPEED_MAX, LiveMarketDriver } from '../../runtime/live-market-driver.ts';
import { isWithinEvents, eventsEndTs } from '../../sim/agents/agent-data.ts';
import { AGENT_EVENTS_MAX, AGENT_PRICE_MAX, AGENT_QUANTITY_MAX, agentMarketSettings } from '../../sim/agents/agent-settings.ts';
import { EXIT, framed, interruption } from '../command-frame.ts';
import { decimals, minuteOf, optionProblem, storedInstrument, whole } from '../data/command-options.ts';
import { LiveLines } from '../data/live-lines.ts';
import { countText, durationText } from '../terminal/number-text.ts';
import { addAgentOptions, type AgentOptions, agentSettingsOf, between, startPriceOf } from './agent-options.ts';
import { MADE_UP } from './backtest.ts';

/** Share of the speed asked for below which the last words say what was reached. */
const SPEED_KEPT = 0.95;

interface LiveOptions extends AgentOptions {
  readonly instrument: string;
  readonly seed: string;
  readonly from?: string;
  readonly to?: string;
  readonly startPrice: string;
  readonly priceDecimals: string;
  readonly quantityDecimals: string;
  readonly speed: string;
}

export function registerLive(data: Command): void {
  const command = data
    .command('live')
    .description('run a made-up market of agents in real time and print its best prices and trades until Ctrl-C')
    .option('--instrument <id>', 'SYMBOL.VENUE', 'AAA-USD.SIM')
    .option('--seed <n>', 'the same seed and --from give the same market', '1')
    .option('--speed <n>', 'so many times as fast as the clock', '1')
    .option('--from <time>', "where the market's time begins, UTC; left out: the minute that it is")
    .option('--to <time>', "where the market's time ends, UTC; left out: at Ctrl-C")
    .option('--start-price <price>', 'where the price starts', '100')
    .option('--price-decimals <n>', 'decimals of prices', '2')
    .option('--quantity-decimals <n>', 'decimals of quantities', '3');
  addAgentOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid data live
  $ quanthybrid data live --speed 10 --events-per-second 2
  $ quanthybrid data live --seed 7 --from 2024-01-01 --to 2024-01-01T00:10 --speed 60    as "data generate --market agents --seed 7" stores it

Exit status: 0 the market's time has come to --to, 2 bad input, 130 ended by Ctrl-C.`,
    )
    .action((options: LiveOptions) => framed(() => live(options)));
}

async function live(options: LiveOptions): Promise<number> {
  const clock = new SystemClock();
  const price = decimals(options.priceDecimals, 'price-decimals', undefined);
  const quantity = decimals(options.quantityDecimals, 'quantity-decimals', undefined);
  const { id } = storedInstrument(options.instrument, price, quantity);
  const now = clock.now();
  const settings = agentMarketSettings({
    seed: whole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER),
    startTs: options.from === undefined ? now - (now % MINUTE_US) : minuteOf('from', options.from),
    startPrice: startPriceOf(options.startPrice, price, AGENT_PRICE_MAX),
    quantityTypical: Math.min(AGENT_QUANTITY_MAX, 10 ** quantity),
    ...agentSettingsOf(options),
  });
  const endTs = options.to === undefined ? eventsEndTs(settings) : minuteOf('to', options.to);
  if (endTs <= settings.startTs)
    throw optionProblem('to', options.to ?? '', 'The market ends before it starts.', 'Give a --to after --from.');
  if (!isWithinEvents(settings, endTs))
    throw optionProblem(
      'to',
      options.to ?? '',
      `A market of agents has ${AGENT_EVENTS_MAX} events at most.`,
      'Give an earlier --to, or lower --events-per-second.',
    );
  const speed = between('speed', options.speed, 0.001, LIVE_SPEED_MAX);
  const { stdout, stderr } = process;
  const listener = new LiveLines({ write: (line) => stdout.write(line) }, { price, quantity });
  stdout.on('drain', () => listener.drained());
  stderr.write(`${id}, seed ${settings.seed}, ${speed} times as fast as the clock; Ctrl-C ends it. ${MADE_UP}\n`);
  const driver = new LiveMarketDriver({ clock, settings, listener, speed, endTs });
  const { signal, release } = interruption();
  signal.addEventListener('abort', () => driver.stop());
  const ended = await driver.run().finally(release);
  stderr.write(`${closingWords(listener, driver, speed)}\n`);
  return ended === 'stopped' ? EXIT.interrupted : EXIT.ok;
}

function closingWords({ lines, trades, passedOver }: LiveLines, { stoodStillUs, speedReached }: LiveMarketDriver, speed: number): string {
  return [
    `${countText(trades)} trades, ${countText(lines)} lines`,
    ...(passedOver === 0 ? [] : [`${countText(passedOver)} lines passed over, because their reader was slow`]),
    ...(stoodStillUs === 0
      ? []
      : [`the market's time stood still for ${durationText(stoodStillUs / 1_000_000)}, because the machine slept or was too slow`]),
    ...(speedReached < SPEED_KEPT * speed ? [`the machine played it ${speedText(speedReached)} times as fast as the clock`] : []),
  ].join('; ');
}

function speedText(speed: number): string {
  return speed >= 100 ? countText(Math.round(speed)) : String(Number(speed.toPrecision(2)));
}
