/** What `quanthybrid init` writes, file by file. */

export const STRATEGY_FILE = `import { Ema, Strategy, type Bar, type ParameterDescriptors } from 'quanthybrid';

const parameters = {
  fast: { type: 'integer', default: 12, min: 1, max: 500, description: 'Bars in the fast average.' },
  slow: { type: 'integer', default: 48, min: 2, max: 2000, description: 'Bars in the slow average.' },
  weight: { type: 'number', default: 0.9, min: 0, max: 1, description: 'Share of equity to hold.' },
} as const satisfies ParameterDescriptors;

/** Holds the market while the fast average of the close is above the slow one, else nothing. */
export class MyStrategy extends Strategy<typeof parameters> {
  static override readonly parameters = parameters;

  private readonly fast = new Ema(this.parameters.fast);
  private readonly slow = new Ema(this.parameters.slow);
  private isLong = false;

  override onStart(): void {
    for (const instrument of this.instruments) this.subscribeBars(instrument, '1h');
  }

  override onBar(bar: Bar): void {
    const fast = this.fast.update(bar.close);
    const slow = this.slow.update(bar.close);
    if (!this.slow.isReady || fast > slow === this.isLong) return;
    this.isLong = fast > slow;
    if (this.isLong) this.targetWeight(bar.instrument, this.parameters.weight, { tag: 'enter' });
    else this.flatten(bar.instrument, { tag: 'leave' });
  }
}
`;

export const RUN_FILE = `# What to run: quanthybrid backtest run.yaml
name: my-first-run
accounts:
  - venue: SIM
    type: cash
    currency: USD
    balances: { USD: 10000 }
venues:
  - name: SIM
    fees: { kind: percentage, rate: 0.001, on: both }
instruments:
  - id: AAA-USD.SIM
    kind: spot
    quote: USD
    priceDecimals: 2
    quantityDecimals: 4
data:
  - instrument: AAA-USD.SIM
    kind: bars
    every: 1h
    csv:
      file: data/aaa-1h.csv     # made up from a seed; put your own file here
      columns: { time: time, open: open, high: high, low: low, close: close, volume: volume }
      timeFormat: iso
      zone: UTC
      stamp: open
strategies:
  - file: ./my-strategy.ts
    name: mine
    instruments: [AAA-USD.SIM]
    parameters: { fast: 12, slow: 48 }
`;

/** @param dependency what package.json says of quanthybrid: a version, or the folder that it was started from */
export function packageFile(name: string, dependency: string): string {
  const description = {
    name,
    private: true,
    type: 'module',
    scripts: { backtest: 'quanthybrid backtest run.yaml' },
    // The strategy itself needs nothing installed; this is for "npm run backtest" and the editor.
    devDependencies: { quanthybrid: dependency },
  };
  return `${JSON.stringify(description, null, 2)}\n`;
}

export function tsconfigFile(types: string): string {
  const config = {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      module: 'esnext',
      moduleResolution: 'bundler',
      types: [],
      strict: true,
      noImplicitOverride: true,
      skipLibCheck: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      paths: { quanthybrid: [types] },
    },
    include: ['*.ts'],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

export function readmeFile(name: string): string {
  return `# ${name}

- \`my-strategy.ts\`: what trades. Change it and run again.
- \`run.yaml\`: account, market, data and parameters of the run.
- \`data/aaa-1h.csv\`: a made-up market; a profit on it means nothing.

    quanthybrid backtest run.yaml
    quanthybrid backtest run.yaml --report report.html --set strategy.parameters.fast=5
    quanthybrid backtest run.yaml --json
`;
}
