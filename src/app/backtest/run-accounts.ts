import { unreachable } from '../../base/assert.ts';
import { BILLION, parseDecimal } from '../../base/decimal.ts';
import type { AccountDefinition, MarginTerms } from '../../model/account.ts';
import type { Currency } from '../../model/currency.ts';
import { InputError, type InputProblem } from '../../ports/errors.ts';
import { suggestion } from '../run-file/closest-name.ts';
import type { LoadedRunFile } from '../run-file/read-run-file.ts';
import type { RunFileAccount, RunFileMargin } from '../run-file/schema.ts';
import type { PlainPath } from '../run-file/yaml-source.ts';
import { billionths } from './fee-schedule.ts';
import { moneyOf, type RunInstruments } from './run-instruments.ts';

interface RunAccounts {
  readonly accounts: readonly AccountDefinition[];
  /** By instrument. */
  readonly weightBufferPpb: readonly number[];
}

const FULL_MARGIN: RunFileMargin = { kind: 'leverage' };

/**
 * The accounts of a run, one for the venue of every instrument.
 *
 * @throws InputError with every problem
 */
export function runAccounts(loaded: LoadedRunFile, known: RunInstruments): RunAccounts {
  const { run } = loaded;
  const problems: InputProblem[] = [];
  const venues = [...new Set(known.instruments.map((instrument) => instrument.venue))];
  const named = run.accounts.map((account, index) => {
    const venue = account.venue ?? (venues.length === 1 ? venues[0]! : null);
    if (venue === null) {
      problems.push(
        loaded.problem(
          'VENUE_UNKNOWN',
          ['accounts', index],
          `The instruments are at ${venues.join(', ')}: this account does not say which it is at.`,
          'Add venue: to it.',
        ),
      );
    } else if (!venues.includes(venue)) {
      problems.push(
        loaded.problem('VENUE_UNKNOWN', ['accounts', index, 'venue'], `No instrument is at ${venue}.`, suggestion(venue, venues)),
      );
    }
    return { account, venue: venue ?? '', index };
  });
  for (const [index, { venue }] of named.entries()) {
    if (named.findIndex((other) => other.venue === venue) < index) {
      problems.push(
        loaded.problem('RUN_FILE_INVALID', ['accounts', index], `There are two accounts at ${venue}.`, 'Put their balances into one.'),
      );
    }
  }
  for (const instrument of known.instruments) {
    if (named.some(({ venue }) => venue === instrument.venue)) continue;
    problems.push(
      loaded.problem(
        'VENUE_UNKNOWN',
        ['instruments', instrument.index, 'id'],
        `There is no account at ${instrument.venue}.`,
        `Add one under accounts: { venue: ${instrument.venue}, balances: … }.`,
      ),
    );
  }
  for (const instrument of known.instruments) {
    const { account } = named.find(({ venue }) => venue === instrument.venue) ?? {};
    if (account?.type !== 'cash' || instrument.isDelivered) continue;
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        ['instruments', instrument.index, 'kind'],
        `${instrument.id} is held on margin, and the account at ${instrument.venue} is a cash account, which may owe nothing.`,
        'Write type: margin for the account, or kind: spot or equity for the instrument.',
      ),
    );
  }
  if (problems.length > 0) throw new InputError(problems);
  const accounts = named.map(({ account, venue, index }) => definition(loaded, known, account, venue, index, problems));
  if (problems.length > 0) throw new InputError(problems);
  const weightBufferPpb = known.instruments.map((instrument) =>
    billionths(named.find(({ venue }) => venue === instrument.venue)!.account.weightBuffer ?? '0'),
  );
  return { accounts, weightBufferPpb };
}

function definition(
  loaded: LoadedRunFile,
  known: RunInstruments,
  account: RunFileAccount,
  venue: string,
  index: number,
  problems: InputProblem[],
): AccountDefinition {
  const { run } = loaded;
  const baseCode = account.currency ?? Object.keys(account.balances)[0];
  if (baseCode === undefined)
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        ['accounts', index, 'balances'],
        'The account starts with nothing.',
        'Write for example { USD: 10000 }.',
      ),
    );
  const isCash = account.type === 'cash';
  const openingBalances = Object.entries(account.balances).map(([code, text]) => {
    const currency = known.currencies.get(code)!;
    if (known.instruments.some((instrument) => instrument.kind === 'EQUITY' && instrument.base.code === code)) {
      problems.push(
        loaded.problem(
          'RUN_FILE_INVALID',
          ['accounts', index, 'balances', code],
          `${code} is a share: an account starts with money only.`,
          'Take it out; let the strategy buy.',
        ),
      );
    }
    return { currency, amount: moneyOf(text, currency)! };
  });
  if (isCash && account.margin !== undefined && account.margin.kind !== 'none') {
    problems.push(
      loaded.problem(
        'RUN_FILE_INVALID',
        ['accounts', index, 'margin'],
        'A cash account has no margin.',
        'Take margin out, or write type: margin.',
      ),
    );
  }
  const settlements = known.instruments.filter((instrument) => instrument.venue === venue).map((instrument) => instrument.settlement);
  const settlement = settlements[0] ?? known.currencies.get(baseCode ?? '')!;
  return {
    venue,
    type: isCash ? 'CASH' : 'MARGIN',
    baseCurrency: known.currencies.get(baseCode ?? '') ?? settlement,
    positionMode: account.positions === 'hedging' ? 'HEDGING' : 'NETTING',
    costMethod: account.cost === 'fifo' ? 'FIFO' : 'AVERAGE',
    openingBalances,
    margin: isCash
      ? { kind: 'none' }
      : marginTerms(loaded, account.margin ?? FULL_MARGIN, settlement, ['accounts', index, 'margin'], problems),
    instrumentMargins: isCash
      ? []
      : known.instruments.flatMap((instrument) => {
          const own = run.instruments[instrument.index]!.margin;
          if (instrument.venue !== venue || own === undefined) return [];
          return [
            {
              instrument: instrument.index,
              margin: marginTerms(loaded, own, instrument.settlement, ['instruments', instrument.index, 'margin'], problems),
            },
          ];
        }),
  };
}

function marginTerms(
  loaded: LoadedRunFile,
  margin: RunFileMargin,
  settlement: Currency,
  path: PlainPath,
  problems: InputProblem[],
): MarginTerms {
  switch (margin.kind) {
    case 'none':
      return { kind: 'none' };
    case 'perContract': {
      const initial = moneyOf(margin.initial, settlement);
      const maintenance = moneyOf(margin.maintenance ?? margin.initial, settlement);
      if (initial === null || maintenance === null) {
        problems.push(
          loaded.problem(
            'RUN_FILE_INVALID',
            path,
            `The margin has more decimals than ${settlement.code} carries (${settlement.decimals}).`,
            'Round it.',
          ),
        );
      }
      return {
        kind: 'perContract',
        initialPerContract: initial ?? 0n,
        maintenancePerContract: maintenance ?? 0n,
        locks: margin.locks === 'maintenance' ? 'MAINTENANCE' : 'INITIAL',
      };
    }
    case 'leverage': {
      const leveragePpb = parseDecimal(margin.leverage ?? '1', 9);
      if (typeof leveragePpb !== 'number') {
        problems.push(
          loaded.problem(
            'RUN_FILE_INVALID',
            [...path, 'leverage'],
            'The leverage has more than 9 decimals or is out of range.',
            'Round it.',
          ),
        );
      }
      const initialRatePpb = billionths(margin.initialRate ?? '1');
      const maintenanceRatePpb = billionths(margin.maintenanceRate ?? '0');
      if (maintenanceRatePpb > initialRatePpb) {
        problems.push(
          loaded.problem(
            'RUN_FILE_INVALID',
            path,
            'The maintenance rate is above the initial rate.',
            'Raise initialRate or lower maintenanceRate.',
          ),
        );
      }
      return {
        kind: 'leverage',
        leveragePpb: typeof leveragePpb === 'number' ? leveragePpb : BILLION,
        initialRatePpb,
        maintenanceRatePpb,
        markedAt: margin.markedAt === 'entry' ? 'ENTRY' : 'MARK',
        locks: margin.locks === 'maintenance' ? 'MAINTENANCE' : 'INITIAL',
      };
    }
    default:
      return unreachable(margin);
  }
}
