/** The look of a report. One set of named tokens for both themes; color means gain or loss, side, warning, selection, and nothing else. */
export const REPORT_STYLE = `
:root {
  --ground: #f4f5f7; --panel: #ffffff; --ink: #1c2127; --muted: #59626e; --grid: #eceef1; --axis: #7d8794; --edge: #dfe2e7; --hover: #f1f4f9;
  --gain: #08743c; --loss: #b3261e; --buy: #1a5fb4; --sell: #a34d00; --warning: #8a5300; --warning-ground: #fdf3e1; --focus: #1a5fb4;
  color-scheme: light;
}
@media (prefers-color-scheme: dark) {
  :root:not([data-theme="light"]) {
    --ground: #101317; --panel: #171b21; --ink: #e3e6ea; --muted: #98a2af; --grid: #232931; --axis: #6d7885; --edge: #29303a; --hover: #1f252d;
    --gain: #4cc38a; --loss: #ff8a80; --buy: #70b0ff; --sell: #f5a35c; --warning: #f0b656; --warning-ground: #2c2413; --focus: #70b0ff;
    color-scheme: dark;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 16px; max-width: 1680px; background: var(--ground); color: var(--ink);
  font: 13px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
h1 { font-size: 22px; line-height: 28px; font-weight: 600; margin: 0; }
h2 { font-size: 13px; line-height: 24px; font-weight: 600; margin: 0; }
h3 { font-size: 12px; line-height: 20px; font-weight: 600; margin: 8px 0 0; }
h2 .muted, h3 .muted { font-weight: 400; }
p { margin: 4px 0; }
code, pre { font: 12px/18px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
dl, dd { margin: 0; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; }
.muted, .unit { color: var(--muted); }
.gain { color: var(--gain); } .loss { color: var(--loss); } .buy { color: var(--buy); } .sell { color: var(--sell); } .warning { color: var(--warning); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

header { margin-bottom: 12px; }
.name { display: flex; align-items: center; gap: 12px; flex-wrap: wrap; }
.pill { border: 1px solid var(--edge); border-radius: 10px; padding: 0 8px; font-size: 12px; line-height: 18px; color: var(--muted); background: var(--panel); }
.pill.warning { color: var(--warning); border-color: currentColor; background: var(--warning-ground); }
.identity { display: flex; flex-wrap: wrap; gap: 2px 24px; margin-top: 4px; }
.identity div { display: flex; gap: 8px; }
.identity dt { color: var(--muted); white-space: nowrap; }
.banner { margin: 8px 0 0; padding: 6px 10px; border: 1px solid currentColor; border-radius: 4px; color: var(--warning); background: var(--warning-ground); }

.figures { display: grid; grid-template-columns: repeat(8, minmax(0, 1fr)); background: var(--panel); border: 1px solid var(--edge); border-radius: 4px; margin-bottom: 12px; }
.figure { padding: 8px 12px; border-left: 1px solid var(--edge); }
.figure:first-child { border-left: 0; }
.figure .label, .figure .detail { font-size: 12px; line-height: 18px; color: var(--muted); }
.figure .value { font-size: 18px; line-height: 26px; overflow-wrap: anywhere; }

.upper { display: grid; grid-template-columns: minmax(0, 1fr) 320px; gap: 12px; align-items: stretch; margin-bottom: 12px; }
.charts { display: flex; flex-direction: column; gap: 12px; }
.charts .panel { flex: 1 1 0; display: flex; flex-direction: column; }
.lower { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: 12px; margin-bottom: 12px; }
.panel { background: var(--panel); border: 1px solid var(--edge); border-radius: 4px; padding: 8px 12px 12px; min-width: 0; }
main > .panel { margin-bottom: 12px; }
.controls { display: flex; align-items: center; gap: 4px 12px; flex-wrap: wrap; }
.controls .buttons { margin-left: auto; }
.controls h3 { flex: 1; }
.legend { display: inline-flex; gap: 10px; font-size: 12px; }
.buttons { display: inline-flex; gap: 4px; }
button, select {
  font: inherit; font-size: 12px; line-height: 18px; color: var(--ink); background: var(--panel); border: 1px solid var(--edge); border-radius: 4px; padding: 1px 8px; cursor: pointer;
}
button.step { min-width: 26px; padding: 1px 4px; }
button:hover:not(:disabled), select:hover { background: var(--hover); }
button:disabled { color: var(--muted); opacity: 0.5; cursor: default; }
.readout { min-height: 18px; font-size: 12px; line-height: 18px; color: var(--muted); white-space: pre-wrap; }
.chart { display: block; width: 100%; height: 300px; flex: 1 1 auto; cursor: crosshair; touch-action: pan-y; }
.chart.price { height: 340px; }
.empty { color: var(--muted); padding: 4px 0; }

.facts > div { display: flex; justify-content: space-between; gap: 12px; min-height: 20px; position: relative; }
.facts dt { color: var(--muted); }
.facts dd { text-align: right; white-space: nowrap; }
.facts.wide > div { justify-content: flex-start; }
.facts.wide dt { min-width: 160px; }
.facts.wide dd { white-space: normal; text-align: left; }
.term { cursor: help; }
.term:hover { color: var(--ink); }
.tip {
  display: none; position: absolute; z-index: 2; right: 0; top: 22px; width: min(300px, 100%); padding: 6px 8px; border-radius: 4px;
  background: var(--ink); color: var(--panel); font-size: 12px; line-height: 18px; pointer-events: none;
}
.term:hover + .tip, .term:focus + .tip { display: block; }

.scroller { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0 8px; height: 24px; text-align: left; font-weight: 400; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: 12px; border-bottom: 1px solid var(--edge); }
tbody tr { border-bottom: 1px solid var(--grid); }
tbody tr:last-child { border-bottom: 0; }
.number { text-align: right; }
td.prose { white-space: normal; width: 100%; min-width: 200px; }
#trade-table tbody tr { cursor: pointer; }
#trade-table tbody tr:hover { background: var(--hover); }
thead button { border: 0; background: none; padding: 0; color: inherit; }
thead button:hover:not(:disabled) { background: none; color: var(--ink); }
th[aria-sort] button { color: var(--ink); font-weight: 600; }
th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
.pager { display: flex; align-items: center; justify-content: flex-end; gap: 4px; margin-top: 8px; }
.pager .muted { margin-right: 8px; }
details { margin-top: 8px; }
summary { cursor: pointer; line-height: 24px; }
.count { color: var(--muted); }
pre { margin: 4px 0 0; padding: 8px 12px; background: var(--ground); border: 1px solid var(--edge); border-radius: 4px; overflow: auto; max-height: 480px; }

@media (max-width: 1440px) { .lower { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 1180px) {
  .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
  .figure:nth-child(4n + 1) { border-left: 0; } .figure:nth-child(n + 5) { border-top: 1px solid var(--edge); }
}
@media (max-width: 900px) { .upper { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 560px) {
  body { padding: 8px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .figure { padding: 6px 8px; }
  .figure:nth-child(2n + 1) { border-left: 0; } .figure:nth-child(n + 3) { border-top: 1px solid var(--edge); }
  .panel { padding: 8px; }
  .minor { display: none; }
  th, td { padding: 0 6px; }
  .identity { gap: 2px 12px; }
  .chart { height: 260px; }
  .readout { min-height: 36px; }
}
@media print {
  body { padding: 0; background: none; max-width: none; font-size: 11px; }
  .panel, .figures { break-inside: avoid; border-color: #bbb; }
  main > .panel { break-inside: auto; }
  button, select, .pager button, .controls > .muted { display: none; }
  pre { max-height: none; white-space: pre-wrap; }
  .upper { grid-template-columns: minmax(0, 1fr); }
  .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); }
}
`;
