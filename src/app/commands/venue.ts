import type { Command } from 'commander';
import { SystemClock } from '../../adapters/clock/system-clock.ts';
import { type Faults, NO_FAULTS, readFaults } from '../../adapters/binance/loopback/fault-plan.ts';
import { LoopbackServer } from '../../adapters/binance/loopback/loopback-server.ts';
import type { ServedMarket } from '../../adapters/binance/loopback/served-market.ts';
import { MINUTE_US } from '../../model/civil-date.ts';
import { InputError } from '../../ports/errors.ts';
import { LIVE_SPEED_MAX } from '../../runtime/live-market-driver.ts';
import { eventsEndTs } from '../../sim/agents/agent-data.ts';
import { AGENT_PRICE_MAX, AGENT_QUANTITY_MAX, agentMarketSettings } from '../../sim/agents/agent-settings.ts';
import { EXIT, framed, interruption } from '../command-frame.ts';
import { decimals, optionProblem, whole } from '../data/command-options.ts';
import { AgentsMarket } from '../venue/agents-market.ts';
import { RecordedMarket } from '../venue/recorded-market.ts';
import { addAgentOptions, type AgentOptions, agentSettingsOf, between, startPriceOf } from './agent-options.ts';

interface ServeOptions extends AgentOptions {
  readonly port: string;
  readonly speed: string;
  readonly seed: string;
  readonly faults: string;
  readonly keepTimes?: boolean;
  readonly base: string;
  readonly quote: string;
  readonly startPrice: string;
  readonly priceDecimals: string;
  readonly quantityDecimals: string;
}

export function registerVenue(program: Command): void {
  const venue = program
    .command('venue')
    .description('play a venue on this machine')
    .addHelpText('after', '\nExample:\n  $ quanthybrid venue serve');
  const command = venue
    .command('serve')
    .description('a server on 127.0.0.1 that speaks as Binance Spot does and plays a recording, or a made-up market')
    .argument('[recording...]', 'a raw recording of Binance Spot, in files that follow each other; left out: a market of agents')
    .option('--port <n>', '0 for any that is free', '9443')
    .option('--speed <n>', 'so many times as fast as it was recorded, or as the clock', '1')
    .option('--seed <n>', 'of the market of agents, and of the faults', '1')
    .option('--faults <json>', 'what goes wrong, such as \'{ "drop": 0.01 }\'; POST /loopback/faults changes it', '{}')
    .option('--keep-times', 'of a recording: leave the stamps in its messages as they are; otherwise they are moved to now')
    .option('--base <code>', 'of agents: what is traded', 'AAA')
    .option('--quote <code>', 'of agents: what is paid', 'USDT')
    .option('--start-price <price>', 'of agents: where the price starts', '100')
    .option('--price-decimals <n>', 'of agents: decimals of prices', '2')
    .option('--quantity-decimals <n>', 'of agents: decimals of quantities', '3');
  addAgentOptions(command, 'of agents: ')
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid venue serve                                        a made-up market, AAAUSDT
  $ quanthybrid venue serve spot_btcusdt.gz --speed 10
  $ quanthybrid venue serve --faults '{ "drop": 0.001, "reorder": 0.001 }'
  $ curl -d '{ "maintenance": true }' http://127.0.0.1:9443/loopback/faults

Exit status: 0 the recording has ended, 2 bad input, 130 ended by Ctrl-C.`,
    )
    .action((recording: readonly string[], options: ServeOptions) => framed(() => serve(recording, options)));
}

async function serve(recording: readonly string[], options: ServeOptions): Promise<number> {
  const clock = new SystemClock();
  const seed = whole('seed', options.seed, 0, Number.MAX_SAFE_INTEGER);
  const faults = faultsOf(options.faults);
  const speed = between('speed', options.speed, 0.001, LIVE_SPEED_MAX);
  const port = whole('port', options.port, 0, 65_535);
  const market: ServedMarket =
    recording.length === 0
      ? agentsMarket(options, clock, seed, speed)
      : new RecordedMarket({ paths: recording, clock, speed, keepsTimes: options.keepTimes === true });
  const { signal, release } = interruption();
  let end: (isInterrupted: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => (end = resolve));
  const server = new LoopbackServer({ market, clock, seed, faults, onEnd: () => end(false) });
  signal.addEventListener('abort', () => end(true));
  try {
    const taken = await listen(server, port);
    const symbols = market.symbols.map(({ symbol }) => symbol).join(', ');
    process.stdout.write(`${symbols} at http://127.0.0.1:${taken} and ws://127.0.0.1:${taken}, as Binance Spot; Ctrl-C ends it.\n`);
    return (await ended) ? EXIT.interrupted : EXIT.ok;
  } finally {
    release();
    await server.close();
  }
}

async function listen(server: LoopbackServer, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES'))) throw cause;
    throw new InputError([
      {
        code: 'OPTION_INVALID',
        file: '--port',
        value: String(port),
        rule: `The port cannot be taken (${cause.code}).`,
        fix: 'Give another --port, or 0.',
      },
    ]);
  }
}

function faultsOf(text: string): Faults {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw optionProblem('faults', text, '--faults is a JSON object.', 'Write for example \'{ "drop": 0.01 }\'.');
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw optionProblem('faults', text, '--faults is a JSON object.', 'Write for example \'{ "drop": 0.01 }\'.');
  const faults = readFaults(given as Record<string, unknown>, NO_FAULTS);
  if (typeof faults === 'string') throw optionProblem('faults', text, faults, 'See docs/guide/live-data.md.');
  return faults;
}

function agentsMarket(options: ServeOptions, clock: SystemClock, seed: number, speed: number): AgentsMarket {
  const priceDecimals = venueDecimals('price-decimals', options.priceDecimals);
  const quantityDecimals = venueDecimals('quantity-decimals', options.quantityDecimals);
  for (const [name, code] of [
    ['base', options.base],
    ['quote', options.quote],
  ] as const)
    if (!/^[A-Z0-9]{1,10}$/.test(code))
      throw optionProblem(name, code, 'A code has up to ten capitals and digits.', 'Write for example AAA.');
  const now = clock.now();
  const settings = agentMarketSettings({
    seed,
    startTs: now - (now % MINUTE_US),
    startPrice: startPriceOf(options.startPrice, priceDecimals, AGENT_PRICE_MAX),
    quantityTypical: Math.min(AGENT_QUANTITY_MAX, 10 ** quantityDecimals),
    ...agentSettingsOf(options),
  });
  const { base: baseAsset, quote: quoteAsset } = options;
  const names = { symbol: `${baseAsset}${quoteAsset}`, baseAsset, quoteAsset, priceDecimals, quantityDecimals };
  return new AgentsMarket({ ...names, clock, settings, speed, endTs: eventsEndTs(settings) });
}

/** Binance writes eight decimals. */
function venueDecimals(option: string, text: string): number {
  const found = decimals(text, option, undefined);
  if (found > 8) throw optionProblem(option, text, 'The venue writes eight decimals.', `Give --${option} 8 or fewer.`);
  return found;
}
