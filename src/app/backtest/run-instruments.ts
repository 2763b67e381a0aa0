import { formatDecimalShort, parseBigDecimal, parseDecimal } from '../../base/decimal.ts';
import { type Currency, makeCurrency, type Money } from '../../model/currency.ts';
import { feeDecimalsNeeded, type FeeSchedule } from '../../model/fees.ts';
import { type Instrument, type InstrumentKind, makeInstrument, moneyDecimalsNeeded } from '../../model/instrument.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import { instant } from '../run-file/schema-parts.ts';
import type { RunFileInstrument } from '../run-file/schema.ts';
import { multiplierProblem, shareProblems, type TradedThing } from './delivered-things.ts';
import { feeSchedule } from './fee-schedule.ts';

/** The instruments of a run with what depends on them. */
export interface RunInstruments {
  readonly instruments: readonly Instrument[];
  /** By instrument. */
  readonly fees: readonly FeeSchedule[];
  readonly currencies: ReadonlyMap<string, Currency>;
  /** -1 where there is none of this id. */
  indexOf(id: string): number;
}

interface Facts extends TradedThing {
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
}

const KINDS: Readonly<Record<RunFileInstrument['kind'], InstrumentKind>> = {
  spot: 'SPOT',
  equity: 'EQUITY',
  fx: 'FX',
  future: 'FUTURE',
  perpetual: 'PERPETUAL',
  'inverse-perpetual': 'INVERSE_PERPETUAL',
};
const PRICE_DECIMALS: Readonly<Partial<Record<InstrumentKind, number>>> = { FX: 5 };
const QUANTITY_DECIMALS: Readonly<Partial<Record<InstrumentKind, number>>> = { SPOT: 8, PERPETUAL: 3 };
/** Most digits behind the point that a run file takes. */
const DECIMALS_MAX = 30;
/** Values of inverse contracts are quotients and rounded: this many decimals of the coin are kept. */
const INVERSE_DECIMALS = 12;

/**
 * Makes the run's currencies and instruments. Every currency gets as many decimals as make price × quantity × multiplier and exact fees
 * lossless for all instruments together, at least 8.
 *
 * @throws InputError with every problem
 */
export function runInstruments(loaded: LoadedRunFile): RunInstruments {
  const { run } = loaded;
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  const fees = run.instruments.map((instrument) =>
    feeSchedule(instrument.fees ?? run.venues?.find((venue) => venue.name === venueOf(instrument.id))?.fees ?? { kind: 'none' }),
  );
  const facts = run.instruments.map((instrument, index) => {
    if (seen.has(instrument.id))
      problems.push(
        loaded.problem('RUN_FILE_INVALID', ['instruments', index, 'id'], 'Two instruments have this id.', 'Give each its own.'),
      );
    seen.add(instrument.id);
    return factsOf(loaded, instrument, index, problems);
  });
  if (problems.length > 0) throw new InputError(problems);
  problems.push(...shareProblems(loaded, facts as readonly Facts[]));
  if (problems.length > 0) throw new InputError(problems);
  const currencies = currenciesOf(loaded, facts as readonly Facts[], fees);
  const instruments = run.instruments.map((instrument, index) =>
    make(loaded, instrument, index, facts[index] as Facts, currencies, problems),
  );
  if (problems.length > 0) throw new InputError(problems);
  return {
    instruments: instruments as readonly Instrument[],
    fees,
    currencies,
    indexOf: (id) => run.instruments.findIndex((instrument) => instrument.id === id),
  };
}

export function venueOf(id: string): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

function factsOf(loaded: LoadedRunFile, instrument: RunFileInstrument, index: number, problems: InputProblem[]): Facts | null {
  const kind = KINDS[instrument.kind];
  const symbol = instrument.id.slice(0, instrument.id.lastIndexOf('.'));
  const parts = symbol.split(/[-/]/);
  const isThing = kind === 'EQUITY' || kind === 'FUTURE';
  const base = instrument.base ?? (isThing ? symbol : parts[0]!);
  const quote = instrument.quote ?? (!isThing && parts.length > 1 ? parts[1]! : accountCurrency(loaded, venueOf(instrument.id)));
  if (quote === null || quote === '') {
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        ['instruments', index],
        'What prices are stated in is not said and cannot be told from the id.',
        'Add quote: USD (or whatever it is).',
      ),
    );
    return null;
  }
  if (base === quote) {
    problems.push(loaded.problem('RUN_FILE_INVALID', ['instruments', index], `Base and quote are both ${base}.`, 'State base and quote.'));
    return null;
  }
  const multiplierText = instrument.multiplier ?? '1';
  const multiplierDecimals = decimalsNeeded(multiplierText);
  const multiplier = parseDecimal(multiplierText, multiplierDecimals);
  if (typeof multiplier !== 'number') {
    problems.push(
      loaded.problem('RUN_FILE_INVALID', ['instruments', index, 'multiplier'], 'The multiplier is out of range.', 'Give a smaller one.'),
    );
    return null;
  }
  const made = {
    id: instrument.id,
    venue: venueOf(instrument.id),
    base,
    quote,
    settlement: kind === 'INVERSE_PERPETUAL' ? base : quote,
    kind,
    multiplier,
    multiplierDecimals,
    priceDecimals: instrument.priceDecimals ?? PRICE_DECIMALS[kind] ?? 2,
    quantityDecimals: instrument.quantityDecimals ?? QUANTITY_DECIMALS[kind] ?? 0,
  };
  const misplaced = multiplierProblem(loaded, index, made);
  if (misplaced === null) return made;
  problems.push(misplaced);
  return null;
}

function accountCurrency(loaded: LoadedRunFile, venue: string): string | null {
  const { accounts } = loaded.run;
  const account = accounts.find((candidate) => candidate.venue === venue) ?? (accounts.length === 1 ? accounts[0] : undefined);
  if (account === undefined) return null;
  return account.currency ?? Object.keys(account.balances)[0] ?? null;
}

/** Digits behind the point that a decimal text really needs. */
export function decimalsNeeded(text: string): number {
  const count = parseBigDecimal(text, DECIMALS_MAX);
  return typeof count === 'string' ? DECIMALS_MAX : (formatDecimalShort(count, DECIMALS_MAX).split('.')[1] ?? '').length;
}

function currenciesOf(loaded: LoadedRunFile, facts: readonly Facts[], fees: readonly FeeSchedule[]): ReadonlyMap<string, Currency> {
  const decimals = new Map<string, number>();
  const raise = (code: string, needed: number): void => void decimals.set(code, Math.max(decimals.get(code) ?? 0, needed));
  facts.forEach((fact, index) => {
    const isInverse = fact.kind === 'INVERSE_PERPETUAL';
    raise(fact.quote, isInverse ? fact.quantityDecimals + fact.multiplierDecimals : moneyDecimalsNeeded(fact));
    raise(fact.base, isInverse ? INVERSE_DECIMALS : fact.quantityDecimals);
    raise(fact.settlement, isInverse ? INVERSE_DECIMALS : feeDecimalsNeeded(fees[index]!, fact));
  });
  const { run } = loaded;
  for (const account of run.accounts) {
    if (account.currency !== undefined) raise(account.currency, 0);
    for (const [code, amount] of Object.entries(account.balances)) raise(code, decimalsNeeded(amount));
  }
  run.instruments.forEach((instrument, index) => {
    if (instrument.minNotional !== undefined) raise(facts[index]!.quote, decimalsNeeded(instrument.minNotional));
  });
  return new Map([...decimals].map(([code, needed]) => [code, makeCurrency(code, needed)]));
}

function make(
  loaded: LoadedRunFile,
  instrument: RunFileInstrument,
  index: number,
  facts: Facts,
  currencies: ReadonlyMap<string, Currency>,
  problems: InputProblem[],
): Instrument | null {
  const before = problems.length;
  const count = (key: keyof RunFileInstrument, decimals: number, fallback: number): number => {
    const text = instrument[key];
    if (typeof text !== 'string') return fallback;
    const parsed = parseDecimal(text, decimals);
    if (typeof parsed === 'number') return parsed;
    const [rule, fix] =
      parsed === 'OUT_OF_RANGE'
        ? [`In ${decimals} decimals ${key} is too large to be counted exactly (2^53).`, 'Give a smaller one, or fewer decimals.']
        : [
            `${key} has more decimals than the instrument counts in (${decimals}).`,
            'Raise priceDecimals or quantityDecimals, or round it.',
          ];
    problems.push(loaded.problem('RUN_FILE_INVALID', ['instruments', index, key], rule, fix));
    return fallback;
  };
  const { priceDecimals, quantityDecimals, multiplier, multiplierDecimals, kind } = facts;
  const lotSize = count('lotSize', quantityDecimals, 1);
  const quantityMin = count('minQuantity', quantityDecimals, 0);
  if (quantityMin % lotSize !== 0) {
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        ['instruments', index, 'minQuantity'],
        'minQuantity is not a multiple of lotSize.',
        'Give a multiple.',
      ),
    );
  }
  const quantityMax = count('maxQuantity', quantityDecimals, 0);
  if (quantityMax !== 0 && quantityMax < Math.max(quantityMin, lotSize)) {
    const least = quantityMin > lotSize ? 'minQuantity' : 'one lot';
    const rule = `maxQuantity is below ${least}: no order could be sent.`;
    problems.push(loaded.problem('RUN_FILE_INVALID', ['instruments', index, 'maxQuantity'], rule, 'Raise it, or lower the other.'));
  }
  const quote = currencies.get(facts.quote)!;
  const expiry = instrument.expiry === undefined ? null : instant.safeParse(instrument.expiry);
  if (expiry !== null && !expiry.success) {
    problems.push(
      loaded.problem('RUN_FILE_INVALID', ['instruments', index, 'expiry'], 'This is no date.', 'Write 2026-03-20 or 2026-03-20T13:30:00Z.'),
    );
  }
  const definition = {
    id: instrument.id,
    kind,
    base: currencies.get(facts.base)!,
    quote,
    settlement: currencies.get(facts.settlement)!,
    priceDecimals,
    quantityDecimals,
    multiplier,
    multiplierDecimals,
    priceIncrement: count('tickSize', priceDecimals, 1),
    lotSize,
    quantityMin,
    quantityMax,
    notionalMin: instrument.minNotional === undefined ? 0n : moneyOf(instrument.minNotional, quote)!,
    calendar: instrument.calendar === undefined || instrument.calendar === '24/7' ? null : instrument.calendar,
    expiryTs: expiry?.success === true ? expiry.data : null,
  };
  return problems.length > before ? null : makeInstrument(definition, index);
}

/** An amount in a currency's own count, or null where it has more decimals. */
export function moneyOf(text: string, currency: Currency): Money | null {
  const amount = parseBigDecimal(text, currency.decimals);
  return typeof amount === 'bigint' ? amount : null;
}
