import { table } from './account-sections.ts';
import { type Html, html } from './html-text.ts';
import { numberText } from './statistics-section.ts';
import { timeDigits, timeText } from './text-columns.ts';
import type { RefusedOrder, RunResult } from '../../contract/run-result.ts';

interface NoteRow {
  readonly time: string;
  readonly code: string;
  readonly text: string;
}

interface NoteList {
  readonly title: string;
  readonly codeTitle: string;
  readonly rows: readonly NoteRow[];
  readonly count: number;
  /** Open at once where the list is what a reader should not miss. */
  readonly isUrgent: boolean;
  readonly empty: string;
}

/** Denials, rejections, cancellations, alerts, refused rows and the strategies' own lines: why the run is what it is. */
export function notesSection(result: RunResult): Html {
  const { notes } = result;
  const denialCount = total(notes.denialCounts);
  const rejectionCount = total(notes.rejectionCounts);
  const cancellationCount = total(notes.cancellationCounts);
  const lists: NoteList[] = [
    {
      title: 'Alerts',
      codeTitle: 'Code',
      rows: notes.alerts.map(({ time, code, message }) => ({ time, code, text: message })),
      count: notes.alertCount,
      isUrgent: notes.alertCount > 0,
      empty: 'No alerts.',
    },
    {
      title: 'Denied orders',
      codeTitle: 'Code',
      rows: notes.denials.map(refusedRow),
      count: denialCount,
      isUrgent: denialCount > 0,
      empty: 'Risk denied no order.',
    },
    {
      title: 'Rejected orders',
      codeTitle: 'Code',
      rows: notes.rejections.map(refusedRow),
      count: rejectionCount,
      isUrgent: rejectionCount > 0,
      empty: 'The venue rejected no order.',
    },
    {
      title: 'Canceled by the venue',
      codeTitle: 'Code',
      rows: notes.cancellations.map(refusedRow),
      count: cancellationCount,
      isUrgent: cancellationCount > 0,
      empty: 'The venue canceled no order of its own accord.',
    },
    {
      title: 'Log',
      codeTitle: 'Strategy',
      rows: notes.log.map(({ time, strategy, level, message }) => ({
        time,
        code: strategy,
        text: level === 'info' ? message : `${level}: ${message}`,
      })),
      count: notes.logCount,
      isUrgent: false,
      empty: 'The strategies wrote no line.',
    },
  ];
  return html`<section class="panel" aria-labelledby="notes-title"><h2 id="notes-title">Notes</h2>
${dataNotes(result)}${assumptions(result)}${lists.map(noteList)}</section>`;
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function refusedRow({ time, code, reason, order, strategy, instrument, side, quantity, tag }: RefusedOrder): NoteRow {
  return { time, code, text: `${order} of ${strategy}, ${side} ${quantity} ${instrument}${tag === '' ? '' : ` (${tag})`}: ${reason}` };
}

function dataNotes(result: RunResult): Html {
  const { notes } = result;
  const byCode = (counts: Readonly<Record<string, number>>) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  const refused = byCode(notes.refusedRows);
  const skipped = byCode(notes.skippedRows);
  if (notes.gapCount === 0 && refused.length + skipped.length === 0)
    return html`<p class="empty">Market data: no gap, no row refused or left out.</p>`;
  return html`<h3>Market data</h3><dl class="facts wide"><div><dt>Gaps</dt><dd>${numberText(notes.gapCount, 0)}</dd></div>
${refused.map(([code, count]) => html`<div><dt>Rows refused, <code>${code}</code></dt><dd class="warning">${numberText(count, 0)}</dd></div>`)}
${skipped.map(([code, count]) => html`<div><dt>Rows left out, <code>${code}</code></dt><dd class="warning">${numberText(count, 0)}</dd></div>`)}</dl>`;
}

function assumptions({ notes }: RunResult): Html | '' {
  if (notes.assumptions.length === 0) return '';
  return html`<h3>Assumed</h3><ul>${notes.assumptions.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function noteList(list: NoteList): Html {
  if (list.count === 0 && list.rows.length === 0) return html`<p class="empty">${list.empty}</p>`;
  const digits = timeDigits(list.rows.map((row) => row.time));
  const rows = list.rows.map(
    (row) => html`<tr><td>${timeText(row.time, digits)}</td><td><code>${row.code}</code></td><td class="prose">${row.text}</td></tr>`,
  );
  const more =
    list.count > list.rows.length
      ? html`<p class="muted">The first ${numberText(list.rows.length, 0)} of ${numberText(list.count, 0)}.</p>`
      : '';
  return html`<details${list.isUrgent ? html` open` : ''}><summary>${list.title} <span class="count">${numberText(list.count, 0)}</span></summary>
${table(
  list.title,
  [
    ['Time (UTC)', false],
    [list.codeTitle, false],
    ['Text', false],
  ],
  rows,
)}${more}</details>`;
}
