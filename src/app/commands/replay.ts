import path from 'node:path';
import type { Command } from 'commander';
import { lookAtJournal, recordsBetween, snapshotsOf } from '../../adapters/journal/inspect-journal.ts';
import { formatDecimalShort } from '../../base/decimal.ts';
import { instantText, parseInstant } from '../../model/instant.ts';
import { resolveParameters } from '../../model/parameters.ts';
import { InputError } from '../../ports/errors.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import { isMoney } from '../../core/portfolio/account-valuation.ts';
import type { PlannedStrategy, SessionPlan } from '../../runtime/session/session-plan.ts';
import { EXIT, framed, JSON_OPTION } from '../command-frame.ts';
import { expired, replaySession, type ReplayOptions, type Replayed } from '../session/replay-session.ts';
import { digestsOf } from '../session/session-digests.ts';
import { planOfRecord } from '../session/session-folder.ts';
import { SessionLines } from '../session/session-lines.ts';
import { loadStrategyFile } from '../strategies/load-strategy-file.ts';
import { printed } from './backtest.ts';

interface ReplayCommandOptions {
  readonly until?: string;
  readonly strategy?: string;
  readonly in?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function registerReplay(program: Command): void {
  program
    .command('replay')
    .description('take the inputs of a session once more: the same decisions, or those of another version of a strategy')
    .argument('<folder>', 'folder of the session, as paper made it')
    .option('--until <time>', 'up to this time, UTC')
    .option('--strategy <file>', 'another strategy in the place of one of the session')
    .option('--in <name>', 'the strategy that it stands in for; needed where the session has several')
    .option('--quiet', 'only what it came to')
    .option('--json', JSON_OPTION)
    .addHelpText(
      'after',
      `
Examples:
  $ quanthybrid replay sessions/monday
  $ quanthybrid replay sessions/monday --until 2026-11-30T14:00
  $ quanthybrid replay sessions/monday --strategy ./new-version.ts

The journal is only read: a session that runs may be replayed.

Exit status: 0 done, 1 it failed, 2 bad input.`,
    )
    .action((folder: string, options: ReplayCommandOptions) => framed(() => replay(folder, options), options));
}

async function replay(folder: string, options: ReplayCommandOptions): Promise<number> {
  const journal = path.join(folder, 'journal');
  const { firstSequence, lastSequence } = lookAtJournal(journal).facts;
  if (firstSequence > 1) throw expired(firstSequence);
  const records = (): Iterable<JournalRecord> => recordsBetween(journal, 1, lastSequence);
  const plan = planOfRecord(records(), folder);
  const untilTs = options.until === undefined ? undefined : timeOf(options.until);
  const instead = options.strategy === undefined ? undefined : await insteadOf(plan, options.strategy, options.in);
  const lines = new SessionLines(plan);
  const isSilent = options.json === true || options.quiet === true;
  const given: ReplayOptions = {
    digests: digestsOf(snapshotsOf(journal)),
    ...(untilTs === undefined ? {} : { untilTs }),
    ...(instead === undefined ? {} : { instead }),
    ...(isSilent
      ? {}
      : {
          onOutput: (output) => {
            for (const line of lines.of(output)) process.stdout.write(`${line}\n`);
          },
        }),
  };
  const replayed = replaySession(plan, records(), given);
  await printed(options.json === true ? `${JSON.stringify(factsOf(plan, replayed))}\n` : `${summaryOf(plan, replayed).join('\n')}\n`);
  return EXIT.ok;
}

function timeOf(text: string): number {
  const ts = parseInstant(text);
  if (ts !== null) return ts;
  const rule = 'This is no time.';
  throw new InputError([{ code: 'OPTION_INVALID', column: '--until', value: text, rule, fix: 'Write for example 2026-11-30T14:00.' }]);
}

async function insteadOf(plan: SessionPlan, file: string, name: string | undefined): Promise<NonNullable<ReplayOptions['instead']>> {
  const names = plan.strategies.map((each) => each.name);
  const strategy = name === undefined && names.length === 1 ? 0 : names.indexOf(name ?? '');
  if (strategy < 0) {
    const rule =
      name === undefined
        ? `The session has several strategies: ${names.join(', ')}.`
        : `The session has no strategy ${name}; it has ${names.join(', ')}.`;
    throw new InputError([{ code: 'OPTION_INVALID', column: '--in', value: name ?? '', rule, fix: 'Name one of them with --in.' }]);
  }
  const { strategyClass, name: className, bundle, bundleHash } = await loadStrategyFile(file);
  const planned = plan.strategies[strategy]!;
  const descriptors = strategyClass.parameters ?? {};
  // What the other version does not have, or takes no more, is its default.
  const kept = Object.entries(planned.parameters).filter(
    ([key, value]) => resolveParameters(descriptors, { [key]: value }).refusals.length === 0,
  );
  const { values } = resolveParameters(descriptors, Object.fromEntries(kept));
  const source: PlannedStrategy['source'] = { kind: 'bundle', entry: path.resolve(file), className, bundle, hash: bundleHash };
  return { strategy, source, parameters: values };
}

function factsOf(plan: SessionPlan, { sequence, ts, digest, core }: Replayed): object {
  const { recorder, engine } = core.loop;
  return {
    name: plan.name,
    inputs: sequence,
    until: instantText(ts),
    digest,
    orders: engine.orders.table.length - 1,
    fills: recorder.fills.length,
    denials: recorder.denialCount,
    equity: plan.accounts.map(({ venue, baseCurrency }, account) => {
      const equity = engine.portfolio.valuation.equity(account);
      return { venue, currency: baseCurrency.code, amount: isMoney(equity) ? formatDecimalShort(equity, baseCurrency.decimals) : null };
    }),
  };
}

function summaryOf(plan: SessionPlan, replayed: Replayed): readonly string[] {
  const { recorder, engine } = replayed.core.loop;
  return [
    '',
    `${plan.name}: ${replayed.sequence} inputs, up to ${instantText(replayed.ts)}`,
    `  orders    ${engine.orders.table.length - 1}   fills ${recorder.fills.length}   denied ${recorder.denialCount}`,
    ...plan.accounts.map(({ venue, baseCurrency }, account) => {
      const equity = engine.portfolio.valuation.equity(account);
      return `  equity    ${venue} ${isMoney(equity) ? formatDecimalShort(equity, baseCurrency.decimals) : '—'} ${baseCurrency.code}`;
    }),
    `  digest    ${replayed.digest}`,
  ];
}
