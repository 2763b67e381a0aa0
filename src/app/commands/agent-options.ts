import type { Command } from 'commander';
import { optionProblem, whole } from '../data/command-options.ts';
import { parseBigDecimal } from '../../base/decimal.ts';
import type { AgentMarketSettings, Interruptions } from '../../sim/agents/agent-settings.ts';

/** The options of a market of agents, wherever one is made. */
export interface AgentOptions {
  readonly eventsPerSecond: string;
  readonly annualVolatility: string;
  readonly spreadTicks: string;
  readonly jumpsPerDay: string;
  readonly haltsPerDay: string;
  readonly gapsPerDay: string;
}

/** @param of what the options are of, where the command makes other markets too */
export function addAgentOptions(command: Command, of = ''): Command {
  return command
    .option('--events-per-second <n>', `${of}orders, changes and cancels`, '10')
    .option('--annual-volatility <share>', `${of}deviation of a year's log return`, '0.6')
    .option('--spread-ticks <n>', `${of}usual spread in increments`, '2')
    .option('--jumps-per-day <n>', `${of}jumps of about 1 %`, '0')
    .option('--halts-per-day <n>', `${of}halts of 5 minutes, which end with an auction`, '0')
    .option('--gaps-per-day <n>', `${of}minutes without data`, '0');
}

/** @throws InputError `OPTION_INVALID` */
export function agentSettingsOf(
  options: AgentOptions,
): Pick<AgentMarketSettings, 'eventsPerSecond' | 'annualVolatility' | 'spreadTicks' | 'jumps' | 'halts' | 'gaps'> {
  const times = (option: string, text: string): Interruptions => ({ perDay: between(option, text, 0, 1000), at: [] });
  return {
    eventsPerSecond: between('events-per-second', options.eventsPerSecond, 0.1, 10_000),
    annualVolatility: between('annual-volatility', options.annualVolatility, 0.0001, 5),
    spreadTicks: whole('spread-ticks', options.spreadTicks, 1, 1000),
    jumps: { ...times('jumps-per-day', options.jumpsPerDay), size: 0.01 },
    halts: { ...times('halts-per-day', options.haltsPerDay), lastingUs: 300_000_000 },
    gaps: { ...times('gaps-per-day', options.gapsPerDay), lastingUs: 60_000_000 },
  };
}

/** Steps of 10^-priceDecimals. @throws InputError `OPTION_INVALID` */
export function startPriceOf(text: string, priceDecimals: number, priceMax: number): number {
  const startPrice = parseBigDecimal(text, priceDecimals);
  if (startPrice === 'TOO_MANY_DECIMALS')
    throw optionProblem(
      'start-price',
      text,
      `--start-price has more decimals than prices have here (${priceDecimals}).`,
      'Round it, or give more --price-decimals.',
    );
  if (typeof startPrice === 'string' || startPrice < 100n || startPrice > BigInt(priceMax))
    throw optionProblem(
      'start-price',
      text,
      `--start-price counts 100 to ${priceMax} steps of 10^-${priceDecimals}.`,
      'Correct it, or give other --price-decimals.',
    );
  return Number(startPrice);
}

/** @throws InputError `OPTION_INVALID` */
export function between(option: string, text: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw optionProblem(option, text, `--${option} takes a number from ${min} to ${max}.`, 'Correct it.');
}
