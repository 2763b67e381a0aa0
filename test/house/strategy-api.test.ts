import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadStrategyFile } from '../../src/app/strategies/load-strategy-file.ts';
import { SHIPPED_STRATEGIES } from '../../src/app/strategies/shipped.ts';
import { Strategy, type StrategyClass } from '../../src/core/strategy/strategy.ts';
import { type Parameter, resolveParameters } from '../../src/model/parameters.ts';
import { backtestOf, barsOf, type BarRow, flatBars, futureOf, MINUTE, scripted } from '../../src/runtime/backtest.fixture.ts';
import type { Backtest } from '../../src/runtime/backtest.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(path.join(ROOT, 'docs/reference/strategy-api.md'), 'utf8');
const GUIDE = readFileSync(path.join(ROOT, 'docs/guide/strategies.md'), 'utf8');
const SOURCE = readFileSync(path.join(ROOT, 'src/core/strategy/strategy.ts'), 'utf8');
/** Fields of the instance and handlers that only a subclass has: not on the prototype. */
const OFF_PROTOTYPE = ['parameters', 'instruments', 'saveState', 'loadState'];

function section(page: string, heading: string): string {
  const from = page.indexOf(`\n## ${heading}\n`);
  if (from < 0) throw new Error(`no section ${heading}`);
  const to = page.indexOf('\n## ', from + 1);
  return page.slice(from, to < 0 ? undefined : to);
}

/** What the first cells of the tables name, up to a bracket. */
function namesIn(text: string): string[] {
  return [...text.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name!);
}

/** The fields that the first cells of one view's table name. */
function fieldsOn(heading: string): string[] {
  const from = PAGE.indexOf(`\n### ${heading}\n`);
  const text = PAGE.slice(from, PAGE.indexOf('\n##', from + 1));
  const cells = [...text.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell]) => cell!);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)(?:\(ago\))?`/g)].map(([, name]) => name!)).sort();
}

/** The public members of a class or interface, with those it inherits, as the compiler sees them. */
function membersOf(program: ts.Program, file: string, name: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path.join(ROOT, file))!;
  const symbol = checker.getExportsOfModule(checker.getSymbolAtLocation(source)!).find((each) => each.name === name)!;
  const properties = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  return properties
    .map((each) => each.name)
    .filter((each) => !each.startsWith('#'))
    .sort();
}

const VIEWS: readonly (readonly [string, string])[] = [
  ['TradeTick', 'src/core/strategy/views.ts'],
  ['QuoteTick', 'src/core/strategy/views.ts'],
  ['Book', 'src/core/strategy/book-view.ts'],
  ['Bar', 'src/core/strategy/views.ts'],
  ['QuoteBar', 'src/core/strategy/views.ts'],
  ['BarHistory', 'src/core/market-data/bar-history.ts'],
  ['QuoteBarHistory', 'src/core/market-data/bar-history.ts'],
  ['TradeHistory', 'src/core/market-data/tick-history.ts'],
  ['QuoteHistory', 'src/core/market-data/tick-history.ts'],
  ['StrategyFill', 'src/core/strategy/strategy-fill.ts'],
  ['OrderView', 'src/core/orders/order-view.ts'],
  ['OrderOptions', 'src/core/strategy/strategy-context.ts'],
  ['DataGap', 'src/model/events.ts'],
  ['Instrument', 'src/model/instrument.ts'],
];

/** The guide's code blocks that are strategies, by class name. */
const EXAMPLES: readonly (readonly [string, string])[] = [...GUIDE.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  .map(([, code]) => code!)
  .filter((code) => code.includes('extends Strategy'))
  .map((code) => [/class (\w+) extends/.exec(code)![1]!, code]);

let folder: string;
let program: ts.Program;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid guide '));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, code] of EXAMPLES) writeFileSync(path.join(folder, `${name}.ts`), code);
  const config = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), ts.sys.readFile).config as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const paths = { quanthybrid: [path.join(ROOT, 'src/index.ts')] };
  const roots = [...EXAMPLES.map(([name]) => path.join(folder, `${name}.ts`)), ...VIEWS.map(([, file]) => path.join(ROOT, file))];
  program = ts.createProgram(roots, { ...options, paths, types: [] });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the page of the strategy API', () => {
  it('names every handler, method and property of a strategy, and no other', () => {
    const onPrototype = Object.getOwnPropertyNames(Strategy.prototype).filter((name) => name !== 'constructor');
    const parts = ['Handlers', 'Properties', 'Instruments and rounding', 'Market data', 'Position and account', 'Timers and messages'];
    const orders = section(PAGE, 'Orders').split('\n### ')[0]!;
    const named = [...parts.map((part) => section(PAGE, part)), orders].flatMap(namesIn);
    expect(named.sort()).toEqual([...onPrototype, ...OFF_PROTOTYPE].sort());
    for (const name of OFF_PROTOTYPE) expect(SOURCE).toMatch(new RegExp(`^ {2}(readonly )?${name}[?:(]`, 'm'));
  });

  it.each(VIEWS)('names every field of %s, and no other', (name, file) => {
    expect(fieldsOn(name)).toEqual(membersOf(program, file, name));
  });

  it.each([...SHIPPED_STRATEGIES])('gives the parameters of %s with default, range and meaning as declared', (name, strategyClass) => {
    const from = PAGE.indexOf(`\n### \`${name}\`\n`);
    const next = PAGE.indexOf('\n### ', from + 1);
    const rows = [...PAGE.slice(from, next < 0 ? undefined : next).matchAll(/^\| `.*$/gm)].map(([row]) => row);
    expect(rows).toEqual(
      Object.entries(strategyClass.parameters!).map(
        ([parameter, descriptor]) =>
          `| \`${parameter}\` | \`${descriptor.default}\` | ${rangeOf(descriptor)} | ${descriptor.description} |`,
      ),
    );
  });

  it('has a part for every shipped strategy, and for no other', () => {
    const parts = [...section(PAGE, 'Shipped strategies').matchAll(/^### `(.*)`$/gm)].map(([, name]) => name);
    expect(parts).toEqual([...SHIPPED_STRATEGIES.keys()]);
  });
});

function rangeOf(descriptor: Parameter): string {
  if ('min' in descriptor) return `${descriptor.min} to ${descriptor.max}`;
  if ('choices' in descriptor) return descriptor.choices.map((choice) => `\`${choice}\``).join(', ');
  return descriptor.type === 'boolean' ? '`true`, `false`' : descriptor.type;
}

/** Runs an example of the guide on minute bars (or its own interval) of one future; prices in cents. */
async function run(
  name: string,
  rows: readonly BarRow[] | readonly number[],
  given: object,
  every: string,
  stepUs: number,
): Promise<Backtest> {
  const { strategyClass } = await loadStrategyFile(path.join(folder, `${name}.ts`));
  const { values, refusals } = resolveParameters(strategyClass.parameters ?? {}, { ...given });
  expect(refusals).toEqual([]);
  const isFlat = (all: readonly BarRow[] | readonly number[]): all is readonly number[] => typeof all[0] === 'number';
  const backtest = backtestOf({
    instruments: [futureOf()],
    streams: [isFlat(rows) ? flatBars(rows, { stepUs }) : barsOf(rows, { stepUs })],
    series: [{ instrument: 0, every }],
    strategies: [{ strategyClass: strategyClass satisfies StrategyClass, parameters: values }],
  });
  while (!backtest.advance(1000));
  backtest.finish();
  return backtest;
}

function trades(backtest: Backtest, stepUs: number): string[] {
  return backtest.recorder.fills.map(
    (fill) => `${fill.tag} ${fill.side > 0 ? 'BUY' : 'SELL'} ${fill.lastQty} @ ${fill.lastPx} in ${fill.tsInit / stepUs}`,
  );
}

describe('the guide to strategies', () => {
  it('has its examples', () => {
    expect(EXAMPLES.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'Momentum',
        'BuyWeakness',
        'EachAboveItsAverage',
        'HigherThanBefore',
        'BuyAtNoon',
        'StopLoss',
        'StopAndTarget',
      ]),
    );
  });

  it.each(EXAMPLES)('%s passes the compiler and is loaded', async (name) => {
    const file = program.getSourceFile(path.join(folder, `${name}.ts`))!;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    expect(found.map((each) => ts.flattenDiagnosticMessageText(each.messageText, ' '))).toEqual([]);
    expect((await loadStrategyFile(file.fileName)).name).toBe(name);
  });

  // The average of 2 bars moves two thirds of the way: 10.67 on bar 3, below its close of 11.00. The entry is filled in bar 4 at 11.00, and the
  // stop lies 2 % below it, at 10.78.
  const GIVEN = { period: 2, every: '1m', quantity: 5 };

  it('StopLoss is stopped out at the stop price, and nothing is denied', async () => {
    const flat = (close: number, bar: number): BarRow => [bar * MINUTE, close, close, close, close];
    const rows = [flat(1000, 1), flat(1000, 2), flat(1100, 3), flat(1100, 4), [5 * MINUTE, 1100, 1100, 1050, 1060], flat(1060, 6)] as const;
    const backtest = await run('StopLoss', rows, GIVEN, '1m', MINUTE);
    expect(backtest.recorder.denials).toEqual([]);
    expect(trades(backtest, MINUTE)).toEqual(['entry BUY 5 @ 1100 in 4', 'stop SELL 5 @ 1078 in 5']);
  });

  it('StopLoss leaves by its signal, the stop canceled and nothing sold twice', async () => {
    // The average is 10.89 on bar 4 and 10.86 on bar 5, which closes at 10.85: below it, above the stop.
    const backtest = await run('StopLoss', [1000, 1000, 1100, 1100, 1085, 1085, 1000, 1000, 1000], GIVEN, '1m', MINUTE);
    expect(backtest.recorder.denials).toEqual([]);
    expect(trades(backtest, MINUTE)).toEqual(['entry BUY 5 @ 1100 in 4', 'signal SELL 5 @ 1085 in 6']);
  });

  it('StopAndTarget sells at the target what its stop protected until then', async () => {
    const hour = 60 * MINUTE;
    // The range of every bar is 1.00: stop 2.00 below, target 3.00 above the entry at 10.00 in bar 15.
    const calm = Array.from({ length: 16 }, (_, i): BarRow => [(i + 1) * hour, 1000, 1050, 950, 1000]);
    const rows: BarRow[] = [...calm, [17 * hour, 1310, 1320, 1310, 1310], [18 * hour, 1310, 1310, 1310, 1310]];
    const backtest = await run('StopAndTarget', rows, {}, '1h', hour);
    expect(backtest.recorder.denials).toEqual([]);
    expect(trades(backtest, hour).slice(0, 2)).toEqual(['entry BUY 1 @ 1000 in 15', 'target SELL 1 @ 1310 in 18']);
  });

  it('of two full-size exits the second is denied, of two half-size ones none, as the guide says', () => {
    const denials = (quantity: number): unknown[] => {
      const exits = scripted({
        onStart: (s) => {
          s.subscribeBars(0, '1m');
        },
        onBar: (s) => {
          if (s.position(0) === 0 && s.openOrders().length === 0) s.marketOrder(0, 'BUY', 10, { tag: 'entry' });
        },
        onFill: (s, fill) => {
          if (fill.tag !== 'entry') return;
          s.stopOrder(0, 'SELL', quantity, 9, { reduceOnly: true });
          s.limitOrder(0, 'SELL', quantity, 12, { reduceOnly: true });
        },
      });
      const series = [{ instrument: 0, every: '1m' }];
      const backtest = backtestOf({ instruments: [futureOf()], streams: [flatBars([1000, 1000, 1000])], series, strategies: [exits] });
      while (!backtest.advance(1000));
      backtest.finish();
      return backtest.recorder.denials.map(({ code }) => code);
    };
    expect([denials(10), denials(5)]).toEqual([['REDUCE_ONLY_WOULD_INCREASE'], []]);
  });
});
