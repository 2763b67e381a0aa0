import { createHash } from 'node:crypto';
import { accountsSection, positionsSection } from './account-sections.ts';
import { clientScript } from './client-script.ts';
import { type Html, html, jsonForScript, trustedHtml } from './html-text.ts';
import { notesSection } from './notes-section.ts';
import { FILLS_MAX, pageData, TRADES_MAX } from './page-data.ts';
import { REPORT_STYLE } from './report-style.ts';
import { numberText, statisticsSection } from './statistics-section.ts';
import { headerSection, keyFigures, runFileSection } from './summary-sections.ts';
import type { ReportInput, RunResult } from '../../contract/run-result.ts';

/** Outside the template: bundlers rewrite a tagged template that holds it, so that it could lie in a page themselves. */
const SCRIPT_END = trustedHtml('</script>');

/**
 * A report of a run as one HTML file: opens offline, asks nothing of any other place, and lets no script run but its own
 * (content security policy by hash), whatever names, tags and texts the run brings along.
 *
 * Bounds: {@link CURVE_POINTS_MAX}, {@link TRADES_MAX}, {@link FILLS_MAX}; beyond them the page says what it leaves out.
 * Source: docs/concepts/reports.md
 */
export function renderReport(input: ReportInput): string {
  const { result } = input;
  const script = clientScript();
  const policy = [
    "default-src 'none'",
    `script-src ${sha256Source(script)}`,
    `style-src ${sha256Source(REPORT_STYLE)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${result.name}: backtest report</title>
<link rel="icon" href="data:,">
<style>${trustedHtml(REPORT_STYLE)}</style>
</head>
<body>
${headerSection(result)}
<main>
${keyFigures(result)}
<div class="upper"><div class="charts">${equityPanel(result)}${pricePanel(input)}</div>
${statisticsSection(result)}</div>
${tradesPanel(result)}
<div class="lower">${accountsSection(result)}${positionsSection(result)}</div>
${notesSection(result)}
${runFileSection(input)}
</main>
<noscript><p class="banner">Charts and the table of trades need JavaScript; everything else on this page does not.</p></noscript>
<script type="application/json" id="report-data">${trustedHtml(jsonForScript(pageData(input)))}${SCRIPT_END}
<script>${trustedHtml(script)}${SCRIPT_END}
</body>
</html>
`.text;
}

function sha256Source(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

const ZOOM_BUTTONS = html`<span class="buttons"><button type="button" class="step" data-zoom="wider" aria-label="Show a longer time">−</button><button type="button" class="step" data-zoom="closer" aria-label="Show a shorter time">+</button><button type="button" data-zoom="all">All</button></span>`;

const CHART_KEYS = 'Drag or arrow keys move, wheel or plus and minus zoom, double click or 0 shows all.';

function chart(id: string, label: string, extraClass: string): Html {
  return html`<div class="readout" id="${id}-readout"></div><canvas id="${id}-chart" class="chart ${extraClass}" tabindex="0" role="img" aria-label="${label}. ${CHART_KEYS}" title="${CHART_KEYS}"></canvas>`;
}

function equityPanel(result: RunResult): Html {
  const isEmpty = result.equity.tsUs.length === 0;
  return html`<section class="panel" aria-labelledby="equity-title"><div class="controls"><h2 id="equity-title">Equity and drawdown</h2>${isEmpty ? '' : ZOOM_BUTTONS}</div>
${isEmpty ? html`<p class="empty">No equity was sampled: the run handled no market data. Check the period and the data of the run file.</p>` : chart('equity', 'Equity over time with drawdown beneath', '')}</section>`;
}

function pricePanel({ prices }: ReportInput): Html {
  const choice =
    prices.length < 2
      ? ''
      : html`<select id="price-instrument" aria-label="Instrument">${prices.map((series, index) => html`<option value="${index}">${series.instrument}</option>`)}</select>`;
  const legend = html`<span class="legend"><span class="buy">▲ buy</span> <span class="sell">▼ sell</span> <span class="gain">┄ gain</span> <span class="loss">┄ loss</span></span>`;
  const title = prices.length === 1 ? `Price of ${prices[0]!.instrument}` : 'Price';
  return html`<section class="panel" aria-labelledby="price-title"><div class="controls"><h2 id="price-title">${title}</h2>${choice}${prices.length === 0 ? '' : html`${legend}${ZOOM_BUTTONS}`}</div>
${prices.length === 0 ? html`<p class="empty">No prices were kept for drawing.</p>` : chart('price', 'Price with entries and exits', 'price')}</section>`;
}

function tradesPanel(result: RunResult): Html {
  const { trades, fills, orderCounts } = result;
  const left = [
    trades.length > TRADES_MAX ? `The first ${numberText(TRADES_MAX, 0)} of ${numberText(trades.length, 0)} trades.` : '',
    fills.length > FILLS_MAX ? `The chart shows the first ${numberText(FILLS_MAX, 0)} of ${numberText(fills.length, 0)} executions.` : '',
  ].filter((text) => text !== '');
  const body =
    trades.length === 0
      ? html`<p class="empty">${noTradesText(fills.length, orderCounts.total, orderCounts.denied)}</p>`
      : html`<div id="trade-table"></div>${left.map((text) => html`<p class="muted">${text}</p>`)}`;
  return html`<section class="panel" aria-labelledby="trades-title"><div class="controls"><h2 id="trades-title">Closed trades</h2>
${trades.length === 0 ? '' : html`<span class="muted">A row opens its trade in the chart. Times are UTC.</span>`}</div>${body}</section>`;
}

function noTradesText(fillCount: number, orderCount: number, deniedCount: number): string {
  if (fillCount > 0) return 'No trade was closed. What was bought or sold is still held: see the positions below.';
  if (orderCount === 0)
    return 'The strategy sent no order. Check its parameters, and that it subscribes to the data that the run file names.';
  if (deniedCount === orderCount) return 'Risk denied every order: the notes below say which rule and why.';
  return 'No order was filled. Limit prices may never have been reached: look at the fill rules in the run file.';
}
