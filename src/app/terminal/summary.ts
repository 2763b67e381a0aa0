import type { PositionResult, RefusedOrder, RunNotes, RunResult } from '../../contract/run-result.ts';
import { countText, durationText, moneyText, percentText, ratioText, roundedText } from './number-text.ts';

const LABEL_WIDTH = 22;
/** The period of a run that is shorter is told to the second. */
const SHORT_MS = 3 * 86_400_000;

/** What a person wants to know first, as lines of text. */
export function summaryLines(result: RunResult): readonly string[] {
  const { statistics } = result;
  const alarms = alarmsOf(result).map((alarm) => `WARNING: ${alarm}`);
  const lines = [...alarms, ...(alarms.length > 0 ? [''] : []), heading(result), ''];
  const row = (label: string, text: string): void => void lines.push(`  ${`${label} `.padEnd(LABEL_WIDTH)}${text}`);
  const spanMs = Date.parse(result.period.to) - Date.parse(result.period.from);
  const digits = spanMs < SHORT_MS ? 19 : 10;
  const stamp = (text: string): string => text.slice(0, digits).replace('T', ' ');
  row('period', `${stamp(result.period.from)} to ${stamp(result.period.to)}`);
  row('events', `${countText(result.events)} in ${(result.elapsedMs / 1000).toFixed(2)} s (${countText(result.eventsPerSecond)}/s)`);
  for (const account of result.accounts)
    row(
      `equity ${account.venue}`,
      account.equity === null ? "no rate to the account's currency" : moneyText(account.equity, account.currency),
    );
  row('return', `${percentText(statistics['totalReturn'])}   buy and hold ${percentText(statistics['buyAndHoldReturn'])}`);
  const tooShort = result.statisticsUndefined['compoundAnnualGrowthRate'];
  if (tooShort === undefined) {
    row('per year (CAGR)', percentText(statistics['compoundAnnualGrowthRate']));
    row('volatility', `${percentText(statistics['annualVolatility'])} per year`);
    row('Sharpe / Sortino', `${ratioText(statistics['sharpeRatio'])} / ${ratioText(statistics['sortinoRatio'])}`);
  } else {
    row('per year (CAGR)', `—   ${tooShort}`);
    row('volatility', '—');
    row('Sharpe / Sortino', '— / —');
  }
  row('largest drawdown', `${percentText(statistics['maxDrawdown'])}   longest ${days(statistics['longestDrawdownDurationUs'])}`);
  row(
    'closed trades',
    `${countText(result.trades.length)}   won ${percentText(statistics['winRate'])}   profit factor ${ratioText(statistics['profitFactor'])}`,
  );
  const { orderCounts: orders } = result;
  row(
    'orders',
    `${countText(orders.total)}   filled ${orders.filled}, canceled ${orders.canceled}, denied ${orders.denied}, rejected ${orders.rejected}, open ${orders.open}`,
  );
  for (const account of result.accounts) {
    const beside = (currency: string): readonly string[] =>
      currency === account.currency && account.equity !== null ? [account.equity] : [];
    const paid = Object.entries(account.commissions).map(([currency, amount]) => moneyText(amount, currency, beside(currency)));
    if (paid.length > 0) row(`fees ${account.venue}`, paid.join(', '));
  }
  const hasSeveral = new Set(result.positions.map((position) => position.strategy)).size > 1;
  for (const position of result.positions) {
    const owner = hasSeveral ? `${position.strategy}: ` : '';
    if (position.quantity !== '0')
      row(`open ${position.instrument}`, `${owner}${position.quantity} at ${averageText(position)}, marked ${position.markPrice ?? '—'}`);
  }
  for (const warning of warnings(result)) row('note', warning);
  row('digest', result.digest);
  return lines;
}

/** An average has decimals beyond those of prices, which nobody reads: it is shown with those of the mark. */
function averageText({ averagePrice, markPrice }: PositionResult): string {
  if (averagePrice === null || markPrice === null) return averagePrice ?? '—';
  return roundedText(averagePrice, markPrice.split('.')[1]?.length ?? 0);
}

function heading(result: RunResult): string {
  return `${result.name} (run ${result.runId})${result.status === 'stopped' ? `: stopped at ${result.period.to}` : ''}`;
}

/** What makes the figures below meaningless: told first. */
function alarmsOf({ orderCounts: orders, fills, notes }: RunResult): readonly string[] {
  const lines: string[] = [];
  for (const strategy of notes.idleStrategies)
    lines.push(`${strategy} subscribed to nothing and set no timer, so nothing ever called it. Subscribe in onStart.`);
  const refused = orders.denied + orders.rejected;
  if (refused * 2 > orders.total) {
    const counts = Object.entries({ ...notes.denialCounts, ...notes.rejectionCounts }).sort(([, a], [, b]) => b - a);
    const [code = ''] = counts[0] ?? [];
    const first = [...notes.denials, ...notes.rejections].find((order) => order.code === code);
    lines.push(
      `${countText(refused)} of ${countText(orders.total)} orders were refused, most of them ${code}${first === undefined ? '' : `: ${refusedText(first)}`}`,
    );
  }
  const skipped = countsText(notes.skippedRows);
  if (skipped !== '') lines.push(`rows of files left out as defective (onDefect: skip): ${skipped}`);
  const denied = countsText(notes.denialCounts);
  if (denied !== '') lines.push(`orders denied by risk: ${denied}${firstText(notes.denials)}`);
  if (fills.length === 0)
    lines.push(orders.total === 0 ? 'No order was sent: nothing was traded.' : 'No order was filled: nothing was traded.');
  return lines;
}

function refusedText(order: RefusedOrder): string {
  return `${order.strategy} ${order.side} ${order.quantity} ${order.instrument}, ${order.reason}`;
}

function firstText([first]: readonly RefusedOrder[]): string {
  return first === undefined ? '' : ` (first: ${refusedText(first)})`;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([code, count]) => `${code} ${count}×`)
    .join(', ');
}

function warnings(result: RunResult): readonly string[] {
  const { notes } = result;
  const lines: string[] = [];
  const rejected = countsText(notes.rejectionCounts);
  if (rejected !== '') lines.push(`orders rejected by the venue: ${rejected}${firstText(notes.rejections)}`);
  const canceled = countsText(notes.cancellationCounts);
  if (canceled !== '') lines.push(`orders canceled by the venue: ${canceled}${firstText(notes.cancellations)}`);
  const rows = countsText(notes.refusedRows);
  if (rows !== '') lines.push(`rows of data refused: ${rows}`);
  if (notes.alertCount > 0)
    lines.push(`${counted(notes.alertCount, 'alert')}${notes.alerts[0] === undefined ? '' : ` (first: ${notes.alerts[0].message})`}`);
  if (notes.logCount > 0) lines.push(logText(notes));
  if (notes.gapCount > 0) lines.push(`${counted(notes.gapCount, 'gap')} in the data`);
  return lines;
}

function logText({ log, logCount, logWarningCount }: RunNotes): string {
  const first = log.find((line) => line.level === 'warn');
  const example = first === undefined ? '' : ` (first: ${first.strategy}, ${first.message})`;
  return `${counted(logCount, 'log line')}, ${counted(logWarningCount, 'warning')}${example}: see the report (--report FILE.html)`;
}

function counted(count: number, thing: string): string {
  return `${countText(count)} ${thing}${count === 1 ? '' : 's'}`;
}

function days(us: number | null | undefined): string {
  return us === null || us === undefined ? '—' : durationText(us / 1e6);
}
