import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import type { StrategyClass } from '../../src/core/strategy/strategy.ts';
import { parseBarSpecification, type BarSpecification } from '../../src/model/bar-specification.ts';
import { type BarBlock, makeBarBlock } from '../../src/model/blocks.ts';
import { makeCurrency } from '../../src/model/currency.ts';
import { instrumentWith } from '../../src/model/instrument.fixture.ts';
import { resolveParameters } from '../../src/model/parameters.ts';
import { InputError, type InputProblem } from '../../src/ports/errors.ts';
import { Backtest } from '../../src/runtime/backtest.ts';
import { DEFAULT_FILL_RULES } from '../../src/sim/matching/fill-rules.ts';

/** Hourly bars whose close, in whole units, is the bar's number: bar 0 closes at 1000.00, bar 1 at 1001.00. What a strategy reads tells when it is from. */
export const BARS = 60;
export const FIRST_CLOSE = 1000;
const HOUR_US = 3_600_000_000;
const START_US = 1_577_836_800_000_000;
/** Few rows a block, so that the block's arrays are refilled often. */
const ROWS_PER_BLOCK = 7;

/** The close of the newest bar that has closed at `now`: nothing above it is known yet. */
export function knownClose(nowUs: number): number {
  return FIRST_CLOSE + Math.floor((nowUs - START_US) / HOUR_US) - 1;
}

class HourlyBars {
  private readonly block: BarBlock = makeBarBlock(0, 0, ROWS_PER_BLOCK);
  private at = 0;

  next(): BarBlock | null {
    const { block } = this;
    if (this.at >= BARS) return null;
    let row = 0;
    for (; row < ROWS_PER_BLOCK && this.at < BARS; row += 1, this.at += 1) {
      const close = (FIRST_CLOSE + this.at) * 100;
      block.tsOpen[row] = START_US + this.at * HOUR_US;
      block.tsEvent[row] = block.tsInit[row] = START_US + (this.at + 1) * HOUR_US;
      [block.open[row], block.high[row], block.low[row], block.close[row], block.volume[row]] = [
        close - 100,
        close,
        close - 100,
        close,
        50,
      ];
    }
    block.length = row;
    return block;
  }

  close(): void {}
}

/** What came of a run: the lines that strategies logged, with the time of each. */
export interface RunOutcome {
  readonly lines: readonly { readonly message: string; readonly nowUs: number }[];
  readonly fills: number;
}

export function runStrategies(strategyClasses: readonly StrategyClass[]): RunOutcome {
  const usd = makeCurrency('USD');
  const instrument = instrumentWith({ id: 'AAA.SIM' });
  const fees = { kind: 'none' } as const;
  const backtest = new Backtest({
    name: 'cheating',
    identity: [],
    fees: [fees],
    streams: [new HourlyBars()],
    accountEvents: [],
    sampling: { kind: 'bar' },
    atEnd: 'leaveOpen',
    stepRowsMax: 4096,
    engine: {
      instruments: [instrument],
      calendars: [null],
      conversions: [],
      series: [{ instrument: 0, specification: parseBarSpecification('1h', 'bars') as BarSpecification }],
      hasTrades: () => false,
      hasQuotes: () => false,
      hasBookDeltas: () => false,
      limits: {},
      weightBufferPpb: [0],
      startTs: START_US,
      tradingFromTs: START_US,
      historyRows: 16,
      accounts: [
        {
          venue: 'SIM',
          type: 'CASH',
          baseCurrency: usd,
          positionMode: 'NETTING',
          costMethod: 'AVERAGE',
          openingBalances: [{ currency: usd, amount: 10n ** 16n }],
          margin: { kind: 'none' },
          instrumentMargins: [],
        },
      ],
      strategies: strategyClasses.map((strategyClass, place) => ({
        name: `s${place}`,
        strategyClass,
        parameters: resolveParameters(strategyClass.parameters ?? {}, {}).values,
        instruments: [0],
      })),
    },
    venues: [
      {
        venue: 'SIM',
        instruments: [{ instrument, rules: DEFAULT_FILL_RULES, fees, matchOn: [7], matchSeries: -1 }],
        orderEntryUs: 0,
        responseUs: 0,
      },
    ],
  });
  while (!backtest.advance(1000));
  backtest.finish();
  return {
    lines: backtest.recorder.logLines.map(({ message, tsInit }) => ({ message, nowUs: tsInit })),
    fills: backtest.recorder.fills.length,
  };
}

const folders: string[] = [];

/** A folder of the user, far from the repository. */
export function userFolder(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-cheating-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

export function removeUserFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

export async function loadText(text: string, others: Readonly<Record<string, string>> = {}): Promise<StrategyClass> {
  const folder = userFolder({ ...others, 'strategy.ts': text });
  return (await loadStrategyFile(path.join(folder, 'strategy.ts'))).strategyClass;
}

/** Every problem that loading is refused with. */
export async function refusalOf(text: string, others: Readonly<Record<string, string>> = {}): Promise<readonly InputProblem[]> {
  try {
    await loadText(text, others);
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** A strategy on hourly bars: `onBar` is the body of its handler, `fields` stand before it. */
export function strategyText(onBar: string, fields = '', head = ''): string {
  return `import { Strategy, type Bar } from 'quanthybrid';
${head}
export class Mine extends Strategy {
${fields}
  override onStart(): void {
    this.subscribeBars(this.instruments[0], '1h');
  }
  override onBar(bar: Bar): void {
${onBar}
  }
}
`;
}
