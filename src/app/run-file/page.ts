import { z } from 'zod';
import type { KeyNote } from './schema-parts.ts';
import { runFileSchema } from './schema.ts';

/** One table of the page: the keys of one object. */
interface Section {
  readonly title: string;
  readonly rows: readonly string[];
}

const INTRO = `# The run file

A run file says what is traded, on which data, by which strategy, under which rules. It is YAML; \`quanthybrid backtest RUN.yaml\` plays it.
This page is generated from the program's own schema by \`npm run docs\`, so it lists every key there is.

- Unknown keys are refused, with the key that was probably meant. Every error names file, line, rule and fix; the exit status is 2.
- Decimals (prices, quantities, money, rates) are read exactly, written as numbers or in quotes.
- Times are UTC: \`2004-08-19\` is that day's midnight, \`2004-08-19T13:30:00Z\` an instant. Durations carry a unit: \`5ms\`, \`1m\`.
- Paths are relative to the run file.
- Anchors and aliases of YAML (\`&a\`, \`*a\`) may be used; an alias within what it stands for is refused, and so is what they blow up ([limits](limits.md)).
- What means the same in several places (fees, fills, margin, sessions, limits) has its table where it comes first.
- \`--set path.to.key=value\` puts another value in: \`--set strategy.parameters.fast=5\` (the only strategy), \`--set strategies.0.parameters.fast=5\`,
  \`--set strategies.cross.parameters.fast=5\` (by name), \`--set instruments.GOOG.NASDAQ.lotSize=10\` (by id).

The smallest run file that trades:

\`\`\`yaml
instruments:
  - { id: GOOG.NASDAQ, kind: equity, quote: USD }
accounts:
  - balances: { USD: 10000 }
data:
  - csv: GOOG.csv
strategies:
  - use: moving-average-crossover
    parameters: { fast: 10, slow: 30 }
\`\`\`

## What comes out

\`--json\` prints one object (\`RunResult\` of src/contract/run-result.ts). \`runId\` is made of what goes in: the version, this file without its
name and paths, the strategies' bundles, the digests of the data. \`digest\` is made of that, every order and fill, alerts, account events and the final ledger.
\`orders\` lists the orders as they stand at the end, with type, time in force, prices,
what was filled at which average, status and times; \`orderCounts\` counts them by what became of them; \`fills\`, \`positions\`, \`trades\` and \`accounts\` say the rest.
Prices, quantities and money are exact decimals, as texts.
A statistic that is not defined is null; \`statisticsUndefined\` says why where the run is too short ([statistics](statistics.md)).
Ctrl-C ends a run after the rows at hand: the result has \`status: stopped\` and says how far it got; the exit status is 130. A second Ctrl-C ends it
at once; neither is heard while a handler of a strategy computes ([stopping a run](../guide/strategies.md#stopping-a-run)).
Where the run fails \`--json\` prints \`{ status: failed, error: { code, message, problems } }\` instead; the other commands do the same.
Exit status 0: done; 1: the run failed, because a strategy threw; 2: bad input; 141: whoever read the output has gone (\`| head\`).
`;

/** docs/reference/run-file.md, as the schema has it. */
export function runFilePage(): string {
  const sections: Section[] = [];
  collect(runFileSchema, '', 'Top level', sections, new Set());
  const tables = sections.map(
    ({ title, rows }) => `## ${title}\n\n| Key | When left out | What it says | Example |\n|---|---|---|---|\n${rows.join('\n')}\n`,
  );
  return `${INTRO}\n${tables.join('\n')}`;
}

function collect(schema: z.ZodType, path: string, title: string, sections: Section[], seen: Set<z.ZodType>): void {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodObject) {
    if (seen.has(inner)) return;
    seen.add(inner);
    const shape = inner.shape as Readonly<Record<string, z.ZodType>>;
    sections.push({ title, rows: Object.entries(shape).map(([key, value]) => rowOf(key, value)) });
    for (const [key, value] of Object.entries(shape)) {
      const below = path === '' ? key : `${path}.${key}`;
      collect(value, below, `\`${below}\``, sections, seen);
    }
    return;
  }
  if (inner instanceof z.ZodArray) collect(inner.element as z.ZodType, `${path}[]`, `\`${path}[]\``, sections, seen);
  else if (inner instanceof z.ZodRecord) collect(inner.valueType as z.ZodType, `${path}.NAME`, `\`${path}.NAME\``, sections, seen);
  else if (inner instanceof z.ZodDiscriminatedUnion || inner instanceof z.ZodUnion) {
    for (const option of inner.options as readonly z.ZodType[]) {
      const kind = unwrapped(option) instanceof z.ZodObject ? kindOf(option as z.ZodObject) : null;
      collect(option, path, kind === null ? `\`${path}\`` : `\`${path}\` of kind \`${kind}\``, sections, seen);
    }
  }
}

function kindOf(option: z.ZodObject): string | null {
  const kind = (option.shape as Readonly<Record<string, z.ZodType>>)['kind'];
  return kind instanceof z.ZodLiteral ? String([...kind.values][0]) : null;
}

function rowOf(key: string, schema: z.ZodType): string {
  const note = schema.meta()?.['note'] as KeyNote | undefined;
  if (note === undefined) throw new Error(`the key ${key} of the run file has no note`);
  const cells = [`\`${key}\``, note.defaultText ?? '**needed**', `${note.description}${choicesOf(schema)}`, `\`${key}: ${note.example}\``];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The words that a key takes, where it takes words only. */
function choicesOf(schema: z.ZodType): string {
  const inner = unwrapped(schema);
  const words =
    inner instanceof z.ZodEnum ? inner : inner instanceof z.ZodArray && inner.element instanceof z.ZodEnum ? inner.element : null;
  return words === null ? '' : ` Words: ${(words.options as readonly string[]).map((word) => `\`${word}\``).join(', ')}.`;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (inner instanceof z.ZodOptional || inner instanceof z.ZodDefault || inner instanceof z.ZodPipe) {
    inner = (inner instanceof z.ZodPipe ? inner.in : inner.unwrap()) as z.ZodType;
  }
  return inner;
}
