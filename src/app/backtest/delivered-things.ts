import type { InstrumentKind } from '../../model/instrument.ts';
import type { InputProblem } from '../../ports/errors.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';

/** What an instrument trades, for what money. */
export interface TradedThing {
  readonly id: string;
  readonly venue: string;
  readonly kind: InstrumentKind;
  readonly base: string;
  readonly quote: string;
  readonly settlement: string;
  readonly multiplier: number;
  readonly multiplierDecimals: number;
}

/** Kinds of which one unit is one of the thing: a fill exchanges it, or its price converts between currencies. */
const OF_ONE_UNIT: readonly InstrumentKind[] = ['SPOT', 'EQUITY', 'FX'];

/** A multiplier of what has none: the ledger would count other units than the position does. */
export function multiplierProblem(loaded: LoadedRunFile, index: number, thing: TradedThing): InputProblem | null {
  const { kind, id, base, multiplier, multiplierDecimals } = thing;
  if (!OF_ONE_UNIT.includes(kind) || (multiplier === 1 && multiplierDecimals === 0)) return null;
  const { kind: word, multiplier: text } = loaded.run.instruments[index]!;
  return loaded.problem(
    'RUN_FILE_INVALID',
    ['instruments', index, 'multiplier'],
    `One unit of ${id} (kind: ${word}) is one ${base}: it has no multiplier.`,
    `Take multiplier out.${multiplierDecimals === 0 ? ` Where orders come in lots of ${text} write lotSize: ${text}.` : ''} Contracts of ${text} ${base} are kind: future.`,
  );
}

/**
 * Shares that the ledger could not tell from something else: it knows them by the instrument's base alone, at each venue, and values what
 * has the name of a currency as that currency.
 */
export function shareProblems(loaded: LoadedRunFile, things: readonly TradedThing[]): readonly InputProblem[] {
  const problems: InputProblem[] = [];
  for (const [index, share] of things.entries()) {
    if (share.kind !== 'EQUITY') continue;
    const twin = things.find(
      (other, at) => at < index && other.kind === 'EQUITY' && other.base === share.base && other.venue === share.venue,
    );
    if (twin !== undefined) {
      problems.push(
        loaded.problem(
          'RUN_FILE_INVALID',
          placeOfBase(loaded, index),
          `${twin.id} and ${share.id} are both shares of ${share.base} at ${share.venue}: a split or a dividend of one would miss the other.`,
          `Take one of them out; where they are different shares give each a base of its own, such as base: ${share.base}-B.`,
        ),
      );
    }
    const money = things.find((other) => moneyOf(other).includes(share.base));
    if (money === undefined) continue;
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        placeOfBase(loaded, index),
        `${share.base} names the shares of ${share.id} and a currency of ${money.id}: the ledger cannot tell them apart.`,
        `Give ${share.id} a base of its own, such as base: ${share.base}-SHARE.`,
      ),
    );
  }
  return problems;
}

/** What an instrument counts or converts as money. */
function moneyOf({ kind, base, quote, settlement }: TradedThing): readonly string[] {
  return kind === 'SPOT' || kind === 'FX' ? [base, quote, settlement] : [quote, settlement];
}

function placeOfBase(loaded: LoadedRunFile, index: number): PlainPath {
  return ['instruments', index, loaded.run.instruments[index]!.base === undefined ? 'id' : 'base'];
}
