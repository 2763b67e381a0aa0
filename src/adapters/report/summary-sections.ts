import { decimalText } from './client/decimal-text.ts';
import { durationText } from './client/duration-text.ts';
import { type Html, html } from './html-text.ts';
import { moneyText, numberText, statisticText } from './statistics-section.ts';
import { timeDigits, timeText } from './text-columns.ts';
import type { ReportInput, RunResult } from '../../contract/run-result.ts';
import { makeCurrency, moneyDecimalsBeside } from '../../model/currency.ts';

export function headerSection(result: RunResult): Html {
  const { period } = result;
  const digits = timeDigits([period.from, period.to]);
  const isWhole = result.status === 'completed';
  return html`<header>
<div class="name"><h1>${result.name}</h1><span class="pill ${isWhole ? '' : 'warning'}">${isWhole ? 'Completed' : 'Stopped'}</span></div>
<dl class="identity">
<div><dt>Period (UTC)</dt><dd>${timeText(period.from, digits)} to ${timeText(period.to, digits)}</dd></div>
<div><dt>Market data</dt><dd>${numberText(result.events, 0)} events in ${durationText(Math.round(result.elapsedMs * 1000))}</dd></div>
<div><dt>Run</dt><dd><code>${result.runId}</code></dd></div>
<div><dt>QuantHybrid</dt><dd>${result.version}</dd></div>
</dl>
${isWhole ? '' : html`<p class="banner" role="status">This run was stopped before its data ended: every figure covers the first ${numberText(result.events, 0)} events only.</p>`}
</header>`;
}

interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
  readonly tone: '' | 'gain' | 'loss';
}

export function keyFigures(result: RunResult): Html {
  return html`<section class="figures" aria-label="Key figures">${figures(result).map(
    (figure) =>
      html`<div class="figure"><div class="label">${figure.label}</div><div class="value ${figure.tone}">${figure.value}</div><div class="detail">${figure.detail}</div></div>`,
  )}</section>`;
}

function figures(result: RunResult): KeyFigure[] {
  const { statistics, statisticsUndefined, equity, orderCounts: orders } = result;
  const { currency } = equity;
  const start = statistics['equityStart'] ?? equity.value[0] ?? Number.NaN;
  const end = statistics['equityFinal'] ?? equity.value.at(-1) ?? Number.NaN;
  const profit = end - start;
  const money = (value: number, isSigned: boolean): string => (Number.isNaN(value) ? '–' : moneyText(value, currency, isSigned));
  const share = (name: string): string => statisticText(statistics[name], 'signedShare', currency);
  const ratio = (name: string): string => statisticText(statistics[name], 'ratio', currency);
  const tone = (value: number): KeyFigure['tone'] => (value > 0 ? 'gain' : value < 0 ? 'loss' : '');
  const arrow = profit > 0 ? '▲ ' : profit < 0 ? '▼ ' : '';
  const commissions = Object.entries(totals(result.accounts.map((account) => account.commissions)));
  const bits = [`${numberText(orders.filled, 0)} filled`, ...(orders.denied > 0 ? [`${numberText(orders.denied, 0)} denied`] : [])];
  // The sentence itself stands above the statistics: here is room for a few words.
  const detailOf = (name: string, detail: string): string => (Object.hasOwn(statisticsUndefined, name) ? 'run too short' : detail);
  return [
    { label: `Net profit (${currency})`, value: arrow + money(profit, true), detail: `from ${money(start, false)}`, tone: tone(profit) },
    {
      label: 'Total return',
      value: share('totalReturn'),
      detail: `${share('compoundAnnualGrowthRate')} per year${Object.hasOwn(statisticsUndefined, 'compoundAnnualGrowthRate') ? ' (run too short)' : ''}`,
      tone: tone(statistics['totalReturn'] ?? 0),
    },
    {
      label: 'Worst drawdown',
      value: share('maxDrawdown'),
      detail: `longest ${statisticText(statistics['longestDrawdownDurationUs'], 'duration', currency)}`,
      tone: '',
    },
    { label: 'Sharpe ratio', value: ratio('sharpeRatio'), detail: detailOf('sharpeRatio', `Sortino ${ratio('sortinoRatio')}`), tone: '' },
    {
      label: 'Closed trades',
      value: numberText(result.trades.length, 0),
      detail: `win rate ${statisticText(statistics['winRate'], 'share', currency)}`,
      tone: '',
    },
    { label: 'Profit factor', value: ratio('profitFactor'), detail: `SQN ${ratio('systemQualityNumber')}`, tone: '' },
    { label: 'Orders', value: numberText(orders.total, 0), detail: bits.join(', '), tone: '' },
    {
      label: commissions.length === 1 ? `Commissions (${commissions[0]![0]})` : 'Commissions',
      value:
        commissions.length === 0
          ? '–'
          : commissions.map(([code, amount]) => paidText(amount, code, result) + (commissions.length > 1 ? ` ${code}` : '')).join(', '),
      detail: `of all ${numberText(result.fills.length, 0)} executions`,
      tone: '',
    },
  ];
}

/** What was paid, with the decimals of the equity that it was paid from. */
function paidText(amount: number, currency: string, { accounts }: RunResult): string {
  const beside = accounts.flatMap((account) => (account.currency === currency && account.equity !== null ? [account.equity] : []));
  return numberText(amount, moneyDecimalsBeside(amount.toFixed(makeCurrency(currency).displayDecimals), beside, currency));
}

/** Sums for display; the accounts below have the exact amounts. */
function totals(records: readonly Readonly<Record<string, string>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const record of records)
    for (const [currency, text] of Object.entries(record)) sums[currency] = (sums[currency] ?? 0) + Number(text);
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0));
}

export function runFileSection(input: ReportInput): Html {
  const parameters = Object.entries(input.parameters);
  const { runFileText, overrides, result } = input;
  return html`<section class="panel" aria-labelledby="run-title"><h2 id="run-title">What ran</h2>
<dl class="facts wide"><div><dt>Digest of the run</dt><dd><code>${result.digest}</code> <button type="button" data-copy="digest-text">Copy</button><span hidden id="digest-text">${result.digest}</span></dd></div></dl>
${parameters.map(
  ([strategy, values]) => html`<h3>${strategy}</h3>
${
  Object.keys(values).length === 0
    ? html`<p class="empty">No parameters.</p>`
    : html`<dl class="facts wide">${Object.entries(values).map(
        ([name, value]) => html`<div><dt>${name}</dt><dd>${parameterText(value)}</dd></div>`,
      )}</dl>`
}`,
)}
<div class="controls"><h3>Run file</h3><button type="button" data-copy="run-file">Copy</button></div>
${runFileText === '' ? html`<p class="empty">The run was started without a run file.</p>` : html`<pre id="run-file" tabindex="0">${runFileText}</pre>`}
${overrides.length === 0 ? '' : html`<h3>Overrides</h3><p class="muted">Values that stood in the place of those in the run file.</p><pre id="overrides" tabindex="0">${overrides.join('\n')}</pre>`}
</section>`;
}

function parameterText(value: unknown): string {
  if (typeof value === 'number') return decimalText(String(value), Math.min(12, (String(value).split('.')[1] ?? '').length), false);
  return typeof value === 'string'
    ? value
    : (JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item)) ?? String(value));
}
