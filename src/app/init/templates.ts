import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PACKAGE_FOLDER } from '../package-folder.ts';

/** What `quanthybrid init` writes, file by file. */

/** The strategy of examples/two-averages, under the name that a first own strategy has. */
export function strategyFile(): string {
  const example = readFileSync(path.join(PACKAGE_FOLDER, 'examples/two-averages/two-averages.ts'), 'utf8');
  return example.replace('class TwoAverages ', 'class MyStrategy ');
}

export const IGNORE_FILE = `node_modules/
report.html
`;

export const RUN_FILE = `# What to run: npx quanthybrid backtest run.yaml
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
    parameters: { every: 1h, fast: 12, slow: 48 }
`;

/** @param dependency what package.json says of quanthybrid: a version, or the folder that it was started from */
export function packageFile(name: string, dependency: string): string {
  const description = {
    name,
    private: true,
    type: 'module',
    scripts: { backtest: 'quanthybrid backtest run.yaml' },
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

    npm install
    npx quanthybrid backtest run.yaml
    npx quanthybrid backtest run.yaml --report report.html --set strategy.parameters.fast=5
    npx quanthybrid backtest run.yaml --json
`;
}
