import { afterAll, describe, expect, it } from 'vitest';
import { BARS, loadText, removeUserFolders, runStrategies, strategyText } from './market.fixture.ts';

afterAll(removeUserFolders);

describe('an honest strategy passes', () => {
  it('with an indicator in a field, trading on a crossing', async () => {
    const text = strategyText(
      '    const average = this.average.update(bar.close);\n    if (this.average.isReady && bar.close > average && this.position(bar.instrument) === 0) this.marketOrder(bar.instrument, "BUY", 10);',
      '  private readonly average = new Sma(5);',
      "import { Sma } from 'quanthybrid';",
    );
    expect(runStrategies([await loadText(text)]).fills).toBe(1);
  });

  it('with history by index, tables by computed key, and built-in functions', async () => {
    const text = strategyText(
      `    const bars = this.bars(bar.series);
    const closes = Array.from({ length: Math.min(3, bars.length) }, (_, ago) => bars.close(ago));
    const name = closes.length === 3 ? 'ready' : 'waiting';
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    const sorted = [...closes].sort((a, b) => a - b);
    this.log([this.counts.ready ?? 0, this.counts.waiting ?? 0, sorted[0], closes.map(String).filter(Boolean).length].join(' '));`,
      '  private readonly counts: Record<string, number> = {};',
    );
    const { lines } = runStrategies([await loadText(text)]);
    expect(lines.at(-1)!.message).toBe(`${BARS - 2} 2 1057 3`);
  });

  it('with its own variables called Date, process and window, and a field called constructor-like', async () => {
    const text = strategyText(
      `    const Date = { now: () => this.now };
    const process = { window: 3 };
    for (const window of [process.window]) this.log(String(Date.now() === this.now && window === 3));`,
    );
    const { lines } = runStrategies([await loadText(text)]);
    expect(new Set(lines.map(({ message }) => message))).toEqual(new Set(['true']));
  });

  it('in several files of its own, with an enum, constants of the module and a sync generator', async () => {
    const text = strategyText(
      '    const total = [...steps(WEIGHTS.length)].reduce((sum, step) => sum + WEIGHTS[step], 0);\n    this.log(`${Mode.Fast} ${total} ${half(bar.close)}`);',
      '',
      "import { half, steps, Mode } from './parts';\nconst WEIGHTS = [1, 2, 3];",
    );
    const parts =
      'export enum Mode { Slow, Fast }\nexport const half = (value: number) => value / 2;\nexport function* steps(count: number) {\n  for (let i = 0; i < count; i++) yield i;\n}\n';
    expect(runStrategies([await loadText(text, { 'parts.ts': parts })]).lines[0]!.message).toBe('1 6 500');
  });

  it('two of one file in one run, each with state of its own', async () => {
    const strategyClass = await loadText(strategyText('    this.seen += 1;\n    this.log(String(this.seen));', '  private seen = 0;'));
    const { lines } = runStrategies([strategyClass, strategyClass]);
    expect(lines.filter(({ message }) => message === String(BARS))).toHaveLength(2);
    expect(lines).toHaveLength(2 * BARS);
  });

  it('with a higher time frame, a timer, a fill handler and parameters', async () => {
    const text = `import { Strategy, type Bar, type ParameterDescriptors, type StrategyFill } from 'quanthybrid';
const parameters = { units: { type: 'integer', default: 3, min: 1, max: 9, description: 'Units to buy.' } } as const satisfies ParameterDescriptors;
export class Patient extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;
  private bought = 0;
  override onStart(): void {
    this.subscribeBars(this.instruments[0]!, '4h');
    this.setInterval('day', 86_400_000_000);
  }
  override onBar(bar: Bar): void {
    if (this.bought === 0) this.marketOrder(bar.instrument, 'BUY', this.parameters.units);
  }
  override onFill(fill: StrategyFill): void {
    this.bought += fill.quantity;
  }
  override onTimer(): void {
    this.log(String(this.bought));
  }
}
`;
    const { lines } = runStrategies([await loadText(text)]);
    expect(lines.map(({ message }) => message)).toEqual(['3', '3']);
  });
});
