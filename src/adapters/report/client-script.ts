import { timeTicks, valueTicks } from './client/axis-ticks.ts';
import { decimalText } from './client/decimal-text.ts';
import { durationText } from './client/duration-text.ts';
import { PanePainter } from './client/pane-painter.ts';
import { ReportPage } from './client/report-page.ts';
import { thinPoints } from './client/thin-points.ts';
import { TimeChart } from './client/time-chart.ts';
import { TimeView } from './client/time-view.ts';
import { TradeTable } from './client/trade-table.ts';

/**
 * Each piece is closed: it names nothing outside itself but what every browser has, and gets other pieces as arguments. Its compiled text
 * (`toString`) is therefore whole, whichever compiler or bundler made it and whatever that one called things; no build step of its own is needed.
 */
const PARTS = { TimeView, PanePainter, thinPoints, timeTicks, valueTicks, TimeChart, TradeTable, decimalText, durationText };

/** The script of a report page, as text. The same for every report. */
export function clientScript(): string {
  const parts = Object.entries(PARTS).map(([name, part]) => `${name}: ${part.toString()},`);
  // A bundler told to keep names wraps functions in a call of this; elsewhere it is idle.
  const keepNames = 'const __name = (target) => target;';
  return `'use strict';\n(() => {\n${keepNames}\nconst parts = {\n${parts.join('\n')}\n};\nconst ReportPage = ${ReportPage.toString()};\nnew ReportPage(window, parts);\n})();`;
}
