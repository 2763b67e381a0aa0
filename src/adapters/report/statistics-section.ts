import { decimalText } from './client/decimal-text.ts';
import { durationText } from './client/duration-text.ts';
import { type Html, html } from './html-text.ts';
import { type StatisticKind, STATISTIC_GROUPS, type StatisticWords } from './statistics-words.ts';
import type { RunResult } from '../../contract/run-result.ts';
import { percentDecimals } from '../../base/percent.ts';
import { makeCurrency, moneyDecimals } from '../../model/currency.ts';
import { DAY_US, formatDate } from '../../model/civil-date.ts';
import { instantText } from '../../model/instant.ts';

/** What is not defined (no trades, no volatility, no benchmark). */
const UNDEFINED = '–';

export function statisticText(value: number | null | undefined, kind: StatisticKind, currency: string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return UNDEFINED;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  switch (kind) {
    case 'share':
      return `${numberText(value * 100, percentDecimals(value))} %`;
    case 'signedShare':
      return `${numberText(value * 100, percentDecimals(value), true)} %`;
    case 'ratio':
      return numberText(value, 2);
    case 'money':
    case 'signedMoney':
      return moneyText(value, currency, kind === 'signedMoney');
    case 'count':
      return numberText(value, 0);
    case 'duration':
      return durationText(value);
    case 'time':
      return value % DAY_US === 0 ? formatDate(value / DAY_US) : instantText(value).slice(0, 16).replace('T', ' ');
  }
}

/** An amount that is a double: two decimals, more where the currency is finely divided and the amount small. */
export function moneyText(value: number, currency: string, isSigned: boolean): string {
  return numberText(value, moneyDecimals([value.toFixed(makeCurrency(currency).displayDecimals)], [currency]), isSigned);
}

export function numberText(value: number, decimals: number, isSigned = false): string {
  return decimalText(value.toFixed(decimals), decimals, isSigned);
}

export function statisticsSection(result: RunResult): Html {
  const { statistics, statisticsUndefined, statisticsConventions } = result;
  const known = new Set(STATISTIC_GROUPS.flatMap((group) => group.rows.map((row) => row.name)));
  const others = Object.keys(statistics).filter((name) => !known.has(name));
  const groups = [
    ...STATISTIC_GROUPS,
    { title: 'Other', rows: others.map((name): StatisticWords => ({ name, label: name, kind: 'ratio', definition: '' })) },
  ].map((group) => ({ ...group, rows: group.rows.filter((row) => Object.hasOwn(statistics, row.name)) }));
  const conventions = Object.entries(statisticsConventions);
  return html`<section class="panel" id="statistics" aria-labelledby="statistics-title">
<h2 id="statistics-title">Statistics</h2>
${[...new Set(Object.values(statisticsUndefined))].map((reason) => html`<p class="muted">${reason}</p>`)}
${groups
  .filter((group) => group.rows.length > 0)
  .map(
    (group) => html`<h3>${group.title}</h3>
<dl class="facts">${group.rows.map((row) => statisticRow(row, statistics[row.name], result.equity.currency))}</dl>`,
  )}
${
  conventions.length === 0
    ? ''
    : html`<details><summary>Conventions</summary>
<dl class="facts">${conventions.map(([name, value]) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl></details>`
}
</section>`;
}

function statisticRow(row: StatisticWords, value: number | null | undefined, currency: string): Html {
  const unit = row.kind === 'money' || row.kind === 'signedMoney' ? html` <span class="unit">${currency}</span>` : '';
  const text = statisticText(value, row.kind, currency);
  if (row.definition === '') return html`<div><dt>${row.label}</dt><dd>${text}</dd></div>`;
  const id = `about-${row.name}`;
  return html`<div><dt><span class="term" tabindex="0" aria-describedby="${id}">${row.label}${unit}</span><span class="tip" role="tooltip" id="${id}">${row.definition}</span></dt><dd>${text}</dd></div>`;
}
