import type { RunResult } from '../../contract/run-result.ts';
import { countText, decimalText, durationText, percentText, ratioText } from './number-text.ts';

const LABEL_WIDTH = 22;

/** What a person wants to know first, as lines of text. */
export function summaryLines(result: RunResult): readonly string[] {
  const { statistics } = result;
  const lines = [heading(result), ''];
  const row = (label: string, text: string): void => void lines.push(`  ${label.padEnd(LABEL_WIDTH)}${text}`);
  row('period', `${result.period.from.slice(0, 10)} to ${result.period.to.slice(0, 10)}`);
  row('events', `${countText(result.events)} in ${(result.elapsedMs / 1000).toFixed(2)} s (${countText(result.eventsPerSecond)}/s)`);
  for (const account of result.accounts)
    row(
      `equity ${account.venue}`,
      account.equity === null ? "no rate to the account's currency" : `${decimalText(account.equity)} ${account.currency}`,
    );
  row('return', `${percentText(statistics['totalReturn'])}   buy and hold ${percentText(statistics['buyAndHoldReturn'])}`);
  row('per year (CAGR)', percentText(statistics['compoundAnnualGrowthRate']));
  row('volatility', `${percentText(statistics['annualVolatility'])} per year`);
  row('Sharpe / Sortino', `${ratioText(statistics['sharpeRatio'])} / ${ratioText(statistics['sortinoRatio'])}`);
  row('largest drawdown', `${percentText(statistics['maxDrawdown'])}   longest ${days(statistics['longestDrawdownDurationUs'])}`);
  row(
    'closed trades',
    `${countText(result.trades.length)}   won ${percentText(statistics['winRate'])}   profit factor ${ratioText(statistics['profitFactor'])}`,
  );
  const { orders } = result;
  row(
    'orders',
    `${countText(orders.total)}   filled ${orders.filled}, canceled ${orders.canceled}, denied ${orders.denied}, rejected ${orders.rejected}, open ${orders.open}`,
  );
  for (const account of result.accounts) {
    const paid = Object.entries(account.commissions).map(([currency, amount]) => `${decimalText(amount)} ${currency}`);
    if (paid.length > 0) row(`fees ${account.venue}`, paid.join(', '));
  }
  for (const position of result.positions) {
    if (position.quantity !== '0')
      row(`open ${position.instrument}`, `${position.quantity} at ${position.averagePrice ?? '—'}, marked ${position.markPrice ?? '—'}`);
  }
  for (const warning of warnings(result)) row('note', warning);
  row('digest', result.digest);
  return lines;
}

function heading(result: RunResult): string {
  return `${result.name} (run ${result.runId})${result.status === 'stopped' ? `: stopped at ${result.period.to}` : ''}`;
}

function warnings(result: RunResult): readonly string[] {
  const { notes } = result;
  const lines: string[] = [];
  const denied = Object.entries(notes.denialCounts).map(([code, count]) => `${code} ${count}×`);
  if (denied.length > 0)
    lines.push(`orders denied: ${denied.join(', ')}${notes.denials[0] === undefined ? '' : ` (first: ${notes.denials[0].reason})`}`);
  const refused = Object.entries(notes.refusedRows).map(([code, count]) => `${code} ${count}×`);
  if (refused.length > 0) lines.push(`rows of data refused: ${refused.join(', ')}`);
  if (notes.alertCount > 0)
    lines.push(`${notes.alertCount} alerts${notes.alerts[0] === undefined ? '' : ` (first: ${notes.alerts[0].message})`}`);
  if (notes.gapCount > 0) lines.push(`${notes.gapCount} gaps in the data`);
  return lines;
}

function days(us: number | null | undefined): string {
  return us === null || us === undefined ? '—' : durationText(us / 1e6);
}
