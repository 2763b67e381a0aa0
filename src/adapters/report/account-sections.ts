import { decimalText } from './client/decimal-text.ts';
import { type Html, type HtmlPart, html } from './html-text.ts';
import { priceDecimalsOf } from './page-data.ts';
import { columnDecimals } from '../../base/decimal.ts';
import { moneyDecimals } from '../../model/currency.ts';
import type { AccountResult, PositionResult, RunResult } from '../../contract/run-result.ts';

/** A number with its exact text as tooltip where the shown one is rounded. */
function numberCell(text: string, decimals: number, isSigned = false): Html {
  const shown = decimalText(text, decimals, isSigned);
  const value = Number(text);
  const tone = !isSigned || value === 0 ? '' : value > 0 ? ' gain' : ' loss';
  return columnDecimals([text], 0, 99) > decimals
    ? html`<td class="number${tone}" title="${text}">${shown}</td>`
    : html`<td class="number${tone}">${shown}</td>`;
}

export function table(
  caption: string,
  headings: readonly (readonly [label: string, isNumber: boolean])[],
  rows: readonly HtmlPart[],
): Html {
  return html`<div class="scroller"><table><caption class="visually-hidden">${caption}</caption>
<thead><tr>${headings.map(([label, isNumber]) => html`<th scope="col" class="${isNumber ? 'number' : 'word'}">${label}</th>`)}</tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

const ACCOUNT_COLUMNS = [
  ['Balance', 'balances'],
  ['Locked', 'locked'],
  ['Free', 'free'],
  ['Commissions', 'commissions'],
  ['Dividends', 'dividends'],
  ['Funding', 'funding'],
  ['Written off', 'writtenOff'],
] as const;

export function accountsSection(result: RunResult): Html {
  return html`<section class="panel" aria-labelledby="accounts-title"><h2 id="accounts-title">Accounts</h2>
${result.accounts.length === 0 ? html`<p class="empty">The run had no account.</p>` : result.accounts.map(account)}</section>`;
}

function account(entry: AccountResult): Html {
  // A column in which nothing ever happened only takes room; the first three are always there. A margin account has no free cash but free margin.
  const columns = ACCOUNT_COLUMNS.filter(([, key], index) =>
    key === 'free' ? entry.type === 'CASH' : index < 3 || Object.values(entry[key]).some((text) => Number(text) !== 0),
  );
  const currencies = [...new Set(columns.flatMap(([, key]) => Object.keys(entry[key])))].sort();
  const rows = currencies.map((currency) => {
    const decimals = moneyDecimals(
      columns.map(([, key]) => entry[key][currency] ?? '0'),
      [currency],
    );
    return html`<tr><th scope="row">${currency}</th>${columns.map(([, key]) => numberCell(entry[key][currency] ?? '0', decimals))}</tr>`;
  });
  const equity =
    entry.equity === null
      ? 'unknown: a conversion rate is missing'
      : decimalText(entry.equity, moneyDecimals([entry.equity], [entry.currency]), false);
  const marginFree =
    entry.marginFree === null
      ? ''
      : `, free margin ${decimalText(entry.marginFree, moneyDecimals([entry.marginFree], [entry.currency]), false)} ${entry.currency}`;
  return html`<h3>${entry.venue} <span class="muted">${entry.type.toLowerCase()}, equity ${equity} ${entry.currency}${marginFree}</span></h3>
${table(`Account at ${entry.venue}`, [['Currency', false], ...columns.map(([label]) => [label, true] as const)], rows)}`;
}

export function positionsSection(result: RunResult): Html {
  const { positions } = result;
  const priceDecimals = priceDecimalsOf(result.fills);
  const quantityDecimals = columnDecimals(
    positions.map((position) => position.quantity),
    0,
    18,
  );
  const money = (pick: (position: PositionResult) => string): number =>
    moneyDecimals(
      positions.map(pick),
      positions.map((position) => position.currency),
    );
  const decimals = {
    realized: money((p) => p.realizedPnl),
    unrealized: money((p) => p.unrealizedPnl),
    commission: money((p) => p.commission),
  };
  const price = (text: string | null, instrument: string): Html =>
    text === null ? html`<td class="number muted">–</td>` : numberCell(text, priceDecimals[instrument] ?? columnDecimals([text], 2, 8));
  const isMixed = positions.some((position) => position.currency !== positions[0]!.currency);
  const rows = positions.map(
    (position) => html`<tr><td>${position.instrument}</td><td>${position.strategy}</td>${numberCell(position.quantity, quantityDecimals)}
${price(position.averagePrice, position.instrument)}${price(position.markPrice, position.instrument)}
${numberCell(position.realizedPnl, decimals.realized, true)}${numberCell(position.unrealizedPnl, decimals.unrealized, true)}
${numberCell(position.commission, decimals.commission)}${isMixed ? html`<td>${position.currency}</td>` : ''}</tr>`,
  );
  const headings = [
    ['Instrument', false],
    ['Strategy', false],
    ['Quantity', true],
    ['Average price', true],
    ['Last price', true],
    ['Realized P&L', true],
    ['Unrealized P&L', true],
    ['Commission', true],
    ...(isMixed ? [['Currency', false] as const] : []),
  ] as const;
  return html`<section class="panel" aria-labelledby="positions-title"><h2 id="positions-title">Positions at the end${isMixed || positions.length === 0 ? '' : html` <span class="muted">in ${positions[0]!.currency}</span>`}</h2>
${positions.length === 0 ? html`<p class="empty">Nothing was ever held.</p>` : table('Positions', headings, rows)}</section>`;
}
