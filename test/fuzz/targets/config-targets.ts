import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'acorn';
import { ACCEPTED, type FuzzRun, type FuzzTarget, must, verdictOf } from '../target.ts';
import { mutatedBytes, mutatedText, oddText, pick } from '../mutate.ts';
import { Scratch } from '../scratch.ts';
import { databaseSettings } from '../../../src/adapters/postgres/database-settings.ts';
import { readLayout } from '../../../src/app/data/layout-options.ts';
import { readRunFile } from '../../../src/app/run-file/read-run-file.ts';
import { csvLayout } from '../../../src/app/run-file/schema-data.ts';
import { parseYaml, parseYamlValue } from '../../../src/app/run-file/yaml-source.ts';
import { checkBundle } from '../../../src/app/strategies/check-bundle.ts';
import { PACKAGE_FOLDER } from '../../../src/app/package-folder.ts';

const example = (name: string): string => readFileSync(path.join(PACKAGE_FOLDER, 'examples', name), 'utf8');

const OVERRIDES = [
  'strategy.parameters.fast=10',
  'accounts.0.balances.USD=5e3',
  'name=x',
  'strategies.0.use=grid',
  'venues.SIM.fees={ kind: none }',
  'instruments.ABC-USD.SIM.kind=spot',
];
const runFile: FuzzTarget = {
  name: 'run-file',
  entries: [
    'src/app/run-file/read-run-file.ts#readRunFile',
    'src/app/run-file/yaml-source.ts#parseYaml',
    'src/app/run-file/yaml-source.ts#parseYamlValue',
  ],
  inputs: 'run files in YAML, and values set from the command line',
  oracle: 'a run with a name, or problems with a code, a rule and a fix each',
  open: (): FuzzRun => {
    const scratch = new Scratch();
    const samples = [
      example('start/run.yaml'),
      example('start/paper.yaml'),
      example('book-maker/run.yaml'),
      'a: &x [1, 2]\nb: *x\n<<: { c: 3 }\n? [k]\n: v\n',
    ].map((text) => text.replaceAll(/^#.*\n/gm, ''));
    return {
      generate: (random) => ({
        text:
          random.nextBelow(5) === 0 ? mutatedBytes(random, Buffer.from(pick(random, samples))) : mutatedText(random, pick(random, samples)),
        overrides: random.nextBelow(3) === 0 ? [mutatedText(random, pick(random, OVERRIDES))] : [],
      }),
      feed: (input) => {
        const { text, overrides } = input as { readonly text: string; readonly overrides: readonly string[] };
        const file = scratch.write('run.yaml', text);
        return verdictOf(() => {
          must(readRunFile(file, overrides).run.name.length > 0, 'a run has a name');
        });
      },
      close: () => scratch.close(),
    };
  },
};

const YAML = [
  '{ a: 1, b: [x, "y", 0x1F, 1e400, .nan, 2024-01-01, ~] }',
  'a:\n  - b: |\n      text\n    c: >-\n      more\n',
  '&a [*a]',
  '&a { x: 1 }\n',
  '1.10',
  "'it''s'",
  '!!binary aGk=',
  '- - - 1',
];
const yaml: FuzzTarget = {
  name: 'yaml',
  entries: [
    'src/app/run-file/yaml-source.ts#parseYaml',
    'src/app/run-file/yaml-source.ts#parseYamlValue',
    'src/app/data/layout-options.ts#readLayout',
  ],
  inputs: 'YAML: values, anchors, tags, flows, blocks',
  oracle: 'plain data, no deeper than is read; a line of each place lies in the text',
  open: () => ({
    generate: (random) => (random.nextBelow(8) === 0 ? oddText(random) : mutatedText(random, pick(random, YAML))),
    feed: (input) => {
      const text = input as string;
      verdictOf(() => parseYamlValue(text));
      verdictOf(() => readLayout(csvLayout, { columns: text, delimiter: text }, {}));
      return verdictOf(() => {
        const source = parseYaml(text, 'fuzz.yaml');
        const lines = text.split(/\r\n|\n|\r/).length;
        const line = source.lineOf(['a', 0, 'b']);
        must(line >= 1 && line <= lines + 1, `line ${line} of ${lines}`);
        must(JSON.stringify(source.value) !== undefined, 'plain data');
      });
    },
  }),
};

const URLS = [
  'postgres://ann:secret@127.0.0.1:5432/desk',
  'postgresql://db.example.org/desk?sslmode=verify-full',
  'postgres://h/d?host=/run/postgresql',
  'postgres://[::1]/x?sslmode=disable',
];
const database: FuzzTarget = {
  name: 'database-settings',
  entries: ['src/adapters/postgres/database-settings.ts#databaseSettings'],
  inputs: 'addresses of databases and the environment',
  oracle: 'a server on another machine is spoken to by TLS that checks who answers; no message repeats the password',
  open: () => ({
    generate: (random) => ({ url: mutatedText(random, pick(random, URLS)), timeout: random.nextBelow(4) === 0 ? oddText(random) : '1500' }),
    feed: (input) => {
      const { url, timeout } = input as { readonly url: string; readonly timeout: string };
      return verdictOf(() => {
        try {
          const settings = databaseSettings({ databaseUrl: url }, { DATABASE_STATEMENT_TIMEOUT_MS: timeout });
          if (settings.kind !== 'SERVER') return;
          const { hostname, searchParams } = new URL(settings.url);
          const host = searchParams.get('host') ?? hostname;
          const isHere = ['', 'localhost', '127.0.0.1', '[::1]'].includes(host) || host.startsWith('/');
          must(isHere || settings.tls?.rejectUnauthorized === true, `${host} in the clear`);
          must(settings.statementTimeoutMs >= 1, 'a statement has a timeout');
        } catch (error) {
          must(!(error instanceof Error && error.message.includes('secret') && !url.includes('/secret')), 'the password is repeated');
          throw error;
        }
      });
    },
  }),
};

const source: FuzzTarget = {
  name: 'strategy-source',
  entries: ['src/app/strategies/check-bundle.ts#checkBundle', 'src/app/strategies/load-strategy-file.ts#loadStrategyBundle'],
  inputs: 'source of strategies, as the check of the bundle reads it (nothing of it is run)',
  oracle: 'the check comes to an end and names places in the text',
  open: () => {
    const strategy = readFileSync(path.join(PACKAGE_FOLDER, 'examples/two-averages/two-averages.ts'), 'utf8');
    const plain = [
      "import { Strategy } from 'quanthybrid';\nexport class Mine extends Strategy { onBar(bar) { const { a = [], ...rest } = bar; for (const x of a) this.log(`x`, x); return rest?.b ?? Math.abs(-1); } }\n",
      'let x = 1; export { x }; class A { #p = 1; static { A.q = 2; } get v() { return this["p"]; } } label: for (;;) { break label; } try { x = globalThis; } catch { eval("1"); }\n',
      'const f = async (a, [b, c] = [1, 2], { d: { e } }) => await import(a); new Date(); (function* () { yield* f; })(); x.__proto__ = /a+/u; export default class {}\n',
    ];
    return {
      generate: (random) => mutatedText(random, random.nextBelow(6) === 0 ? strategy : pick(random, plain)),
      feed: (input) => {
        const code = input as string;
        let program: ReturnType<typeof parse>;
        try {
          program = parse(code, { ecmaVersion: 'latest', sourceType: 'module' });
        } catch (error) {
          // Of texts nested thousands deep acorn runs out of stack: those are refused by esbuild before they come here.
          if (error instanceof SyntaxError || error instanceof RangeError) return 'STRATEGY_FILE_INVALID';
          throw error;
        }
        const { findings } = checkBundle(program);
        must(
          findings.every(({ start }) => start >= 0 && start <= code.length),
          'places in the text',
        );
        return findings[0]?.code ?? ACCEPTED;
      },
    };
  },
};

export const CONFIG_TARGETS: readonly FuzzTarget[] = [runFile, yaml, database, source];
