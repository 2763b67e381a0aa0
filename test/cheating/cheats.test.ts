import { afterAll, describe, expect, it } from 'vitest';
import { strategyPlace } from '../../src/app/strategies/strategy-stack.ts';
import { knownClose, loadText, refusalOf, removeUserFolders, runStrategies, strategyText } from './market.fixture.ts';

afterAll(removeUserFolders);

/** Cheats that never start: the text of `onBar`, what stands around it, and the code, line and word that the refusal names. */
const REFUSED: readonly {
  readonly cheat: string;
  readonly text: string;
  readonly code: string;
  readonly line: number;
  readonly value: string;
  readonly others?: Readonly<Record<string, string>>;
}[] = [
  {
    cheat: 'peeks into the data file',
    text: strategyText('void readFileSync;', '', "import { readFileSync } from 'node:fs';"),
    code: 'STRATEGY_IMPORT_REFUSED',
    line: 2,
    value: 'node:fs',
  },
  {
    cheat: 'peeks into the data file by the old name',
    text: strategyText('void fs;', '', "import fs from 'fs';"),
    code: 'STRATEGY_IMPORT_REFUSED',
    line: 2,
    value: 'fs',
  },
  {
    cheat: 'normalizes by the whole series, imported as data',
    text: strategyText('this.targetWeight(0, bar.close > Math.max(...all) / 2 ? 1 : 0);', '', "import all from './prices.json';"),
    code: 'STRATEGY_IMPORT_REFUSED',
    line: 2,
    value: './prices.json',
    others: { 'prices.json': '[1000, 1059]' },
  },
  {
    cheat: 'asks a package',
    text: strategyText('void max([]);', '', "import { max } from 'lodash';"),
    code: 'STRATEGY_IMPORT_REFUSED',
    line: 2,
    value: 'lodash',
  },
  {
    cheat: 'loads a module while running',
    text: strategyText("    void import('node:fs');"),
    code: 'STRATEGY_IMPORT_REFUSED',
    line: 9,
    value: 'node:fs',
  },
  {
    cheat: 'loads a module of a computed name',
    text: strategyText("    const name = ['node', 'fs'].join(':');\n    void import(name);"),
    code: 'STRATEGY_SYNTAX_REFUSED',
    line: 10,
    value: 'import()',
  },
  {
    cheat: 'requires a module',
    text: strategyText("    require(['f', 's'].join(''));"),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'require',
  },
  {
    cheat: 'looks at the clock',
    text: strategyText('    if (Date.now() > 0) this.flatten(0);'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'Date',
  },
  {
    cheat: 'looks at the other clock',
    text: strategyText('    if (performance.now() > 0) this.flatten(0);'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'performance',
  },
  {
    cheat: 'is a lucky oracle',
    text: strategyText('    if (Math.random() > 0.5) this.flatten(0);'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'Math',
  },
  {
    cheat: 'is a lucky oracle by another name',
    text: strategyText('    const { random } = Math;\n    random();'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'Math',
  },
  {
    cheat: 'asks the network',
    text: strategyText("    void fetch('http://localhost/tomorrow');"),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'fetch',
  },
  {
    cheat: 'waits for later',
    text: strategyText('    setTimeout(() => this.flatten(0), 1000);'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'setTimeout',
  },
  {
    cheat: 'awaits',
    text: strategyText('    void this.later();', '  async later() {}'),
    code: 'STRATEGY_SYNTAX_REFUSED',
    line: 4,
    value: 'async',
  },
  {
    cheat: 'makes code from text',
    text: strategyText("    this.log.constructor.constructor('return process')();"),
    code: 'STRATEGY_PROPERTY_REFUSED',
    line: 9,
    value: 'constructor',
  },
  { cheat: 'evaluates text', text: strategyText("    eval('1');"), code: 'STRATEGY_GLOBAL_REFUSED', line: 9, value: 'eval' },
  {
    cheat: 'rewrites the getters of a view',
    text: strategyText('    Object.getPrototypeOf(bar);'),
    code: 'STRATEGY_PROPERTY_REFUSED',
    line: 9,
    value: 'getPrototypeOf',
  },
  {
    cheat: 'reaches for a prototype by destructuring',
    text: strategyText('    const { __proto__: views } = bar as never;\n    void views;'),
    code: 'STRATEGY_PROPERTY_REFUSED',
    line: 9,
    value: '__proto__',
  },
  {
    cheat: 'reads where it lies from the stack of an error',
    text: strategyText('    this.log(String(new Error().stack));'),
    code: 'STRATEGY_PROPERTY_REFUSED',
    line: 9,
    value: 'stack',
  },
  {
    cheat: 'passes a note through a global',
    text: strategyText('    globalThis.note = bar.close;'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'globalThis',
  },
  {
    cheat: 'passes a note through a built-in object',
    text: strategyText('    (Math as never as { note: number }).note = bar.close;'),
    code: 'STRATEGY_GLOBAL_REFUSED',
    line: 9,
    value: 'Math',
  },
  {
    cheat: 'changes the tables of the package',
    text: strategyText('    (Side as { BUY: number }).BUY = -1;', '', "import { Side } from 'quanthybrid';"),
    code: 'STRATEGY_STATE_SHARED',
    line: 9,
    value: 'Side',
  },
  {
    cheat: 'passes a note through a variable of the module',
    text: strategyText('    note = bar.close;', '', 'let note = 0;'),
    code: 'STRATEGY_STATE_SHARED',
    line: 9,
    value: 'note',
  },
  {
    cheat: 'passes notes through a list of the module',
    text: strategyText('    notes.push(bar.close);', '', 'const notes: number[] = [];'),
    code: 'STRATEGY_STATE_SHARED',
    line: 9,
    value: 'notes.push',
  },
];

describe('a cheat that is refused before the run', () => {
  it.each(REFUSED)('$cheat', async ({ text, code, line, value, others }) => {
    const problems = await refusalOf(text, others);
    expect(problems.map((problem) => [problem.code, problem.line, problem.value])).toContainEqual([code, line, value]);
    for (const problem of problems) expect(problem.file).toMatch(/strategy\.ts$/);
  });
});

async function failureOf(text: string): Promise<{ readonly message: string; readonly line: number | undefined }> {
  const strategyClass = await loadText(text);
  try {
    runStrategies([strategyClass]);
  } catch (error) {
    return { message: String(error), line: strategyPlace(error)?.line };
  }
  throw new Error('the run did not fail');
}

describe('a cheat that ends the run, with the line of its file', () => {
  it('asks history for the bar to come', async () => {
    const failure = await failureOf(strategyText('    this.bars(bar.series).close(-1);'));
    expect(failure).toEqual({ message: expect.stringContaining('history is asked for a row it does not have'), line: 9 });
  });

  it('asks history for more than it has', async () => {
    expect((await failureOf(strategyText('    this.bars(bar.series).close(5);'))).line).toBe(9);
  });

  it('moves the view to the next row', async () => {
    const failure = await failureOf(strategyText('    (bar as unknown as { row: number }).row += 1;'));
    expect(failure).toEqual({ message: expect.stringContaining('not extensible'), line: 9 });
  });

  it('binds the view anew', async () => {
    expect((await failureOf(strategyText('    (bar as unknown as { bind(): void }).bind();'))).message).toContain('not a function');
  });

  it('looks into the columns behind the view', async () => {
    const failure = await failureOf(strategyText("    void (bar as unknown as { block: { close: number[] } })['block'].close[50];"));
    expect(failure).toEqual({ message: expect.stringContaining('undefined'), line: 9 });
  });

  it('puts the forbidden word together at run time', async () => {
    const failure = await failureOf(
      strategyText("    const word = ['construct', 'or'].join('');\n    void (this.log as never as Record<string, unknown>)[word];"),
    );
    expect(failure).toEqual({ message: expect.stringContaining('STRATEGY_PROPERTY_REFUSED'), line: 10 });
  });

  it('passes a note through an object that strategies share', async () => {
    const failure = await failureOf(strategyText('    (this.bars(bar.series) as unknown as { note: number }).note = bar.close;'));
    expect(failure).toEqual({ message: expect.stringContaining('not extensible'), line: 9 });
  });
});

/** Runs a strategy that logs the highest close it can lay its hands on, and returns by how much any of them was from the future. */
async function foreknowledge(text: string): Promise<{ readonly lines: number; readonly highest: number }> {
  const { lines } = runStrategies([await loadText(text)]);
  const leads = lines.map(({ message, nowUs }) => Number(message) - knownClose(nowUs)).filter((lead) => !Number.isNaN(lead));
  return { lines: lines.length, highest: Math.max(-Infinity, ...leads) };
}

describe('a cheat that learns nothing', () => {
  it('keeps the view and reads it at a timer, when its block has been refilled', async () => {
    const text = strategyText(
      '    this.kept ??= bar;\n    this.setTimer("later", this.now + 60_000_000);',
      '  private kept: Bar | null = null;\n  override onTimer(): void {\n    this.log(String(this.kept!.close));\n  }',
    );
    const { lines, highest } = await foreknowledge(text);
    expect([lines, highest]).toEqual([59, -Infinity]);
  });

  it('reads the clock of the run at a timer, when the block has been refilled', async () => {
    const text = strategyText(
      '    this.setTimer("later", this.now + 60_000_000);',
      '  override onTimer(_name: string, ts: number): void {\n    this.log(String(this.now - ts));\n  }',
    );
    const { lines } = runStrategies([await loadText(text)]);
    expect(new Set(lines.map(({ message }) => message))).toEqual(new Set(['0']));
  });

  it('keeps the view and reads it at the next bar: what it sees is that bar, no later one', async () => {
    const { highest } = await foreknowledge(
      strategyText('    this.kept ??= bar;\n    this.log(String(this.kept.close));', '  private kept: Bar | null = null;'),
    );
    expect(highest).toBe(0);
  });

  it('reads the higher time frame before its bar has closed', async () => {
    const text = strategyText(
      '    if (this.bars(this.long).length > 0) this.log(String(this.bars(this.long).close(0)));',
      '  private long = 0;\n  override onStart(): void {\n    this.subscribeBars(this.instruments[0], "1h");\n    this.long = this.subscribeBars(this.instruments[0], "4h");\n  }',
    ).replace(/\n {2}override onStart\(\): void \{\n {4}this\.subscribeBars\(this\.instruments\[0\], '1h'\);\n {2}\}/, '');
    const { lines, highest } = await foreknowledge(text);
    expect(lines).toBeGreaterThan(50);
    expect(highest).toBe(0);
  });

  it('walks everything that its constructor was given for columns of prices', async () => {
    const text = strategyText(
      '    this.log(String(this.highest(this.given, 0)));',
      `  private readonly given: unknown;
  constructor(setup: never) {
    super(setup);
    this.given = setup;
  }
  saveState() {}
  private highest(value: unknown, depth: number): number {
    if (value instanceof Float64Array) return Math.max(...value) / 100;
    if (typeof value !== 'object' || value === null || depth > 6 || value === this) return 0;
    return Math.max(0, ...Object.values(value).map((part) => this.highest(part, depth + 1)));
  }`,
    );
    const { lines, highest } = await foreknowledge(text);
    expect(lines).toBe(60);
    expect(highest).toBeLessThanOrEqual(0);
  });

  it('normalizes by the whole history: it ends at the bar in hand', async () => {
    const text = strategyText(
      '    const bars = this.bars(bar.series);\n    let high = 0;\n    for (let ago = 0; ago < bars.length; ago += 1) high = Math.max(high, bars.close(ago));\n    this.log(String(high));',
    );
    expect(await foreknowledge(text)).toEqual({ lines: 60, highest: 0 });
  });
});
