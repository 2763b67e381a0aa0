import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, jsonForScript } from './html-text.ts';
import { renderReport } from './html-report.ts';
import { STATISTIC_GROUPS } from './statistics-words.ts';
import type { ReportInput } from '../../contract/run-result.ts';
import { crossReport, walkBars, withoutTrades } from '../../../test/browser/report-input.fixture.ts';

const DAY_US = 86_400_000_000;
const PLAIN = crossReport(walkBars(120, DAY_US), { name: 'plain', fast: 3, slow: 8 });
const HOSTILE = `</script><script>alert(1)</script><!--"'><img src=x onerror=alert(2)>&amp;\u0000\ud800`;

/** The same report with the hostile text in every text that a user, a venue or a file can choose. */
function hostileInput(): ReportInput {
  const spoil = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return key === 'status' ? value : HOSTILE;
    if (Array.isArray(value)) return value.map((item) => spoil(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        ['USD', 'ORDER_QUANTITY_MAX', 'ROW_DUPLICATE', 'preset'].includes(name) ? HOSTILE : name,
        spoil(item, name),
      ]),
    );
  };
  const { runFileText, parameters, ...rest } = PLAIN;
  return {
    ...(spoil(rest) as Omit<ReportInput, 'runFileText' | 'parameters'>),
    runFileText: runFileText + HOSTILE,
    parameters: { [HOSTILE]: { [HOSTILE]: HOSTILE, ...parameters } },
  };
}

/** Element names of a page as an HTML tokenizer sees them: script and style swallow everything up to their end tag. */
function tagsOf(page: string): string[] {
  const tags: string[] = [];
  let rest = page;
  for (;;) {
    const match = /<([a-z][a-z0-9]*)(?:\s[^<>]*)?>/i.exec(rest);
    if (match === null) return tags;
    tags.push(match[1]!.toLowerCase());
    rest = rest.slice(match.index + match[0].length);
    if (/^(script|style)$/i.test(match[1]!)) rest = rest.slice(rest.toLowerCase().indexOf(`</${match[1]!.toLowerCase()}`));
  }
}

describe('the report page', () => {
  it('shows what was paid with the decimals of the equity that it was paid from', () => {
    const account = { ...PLAIN.result.accounts[0]!, currency: 'USDT', equity: '99982.9123', commissions: { USDT: '9.26634' } };
    const page = renderReport({ ...PLAIN, result: { ...PLAIN.result, accounts: [account] } });
    expect(page).toMatch(/Commissions \(USDT\)<\/div><div class="value ">9\.27<\/div>/);
  });

  it('has no element more for hostile names, tags and texts than for harmless ones', () => {
    const count = (page: string, tag: string): number => tagsOf(page).filter((name) => name === tag).length;
    const page = renderReport(hostileInput());
    expect(page).not.toContain('<img');
    expect(page).not.toContain('<!--');
    expect(count(page, 'script')).toBe(2);
    expect(count(page, 'img')).toBe(0);
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('allows by its content security policy exactly the script and the style that it carries, and no other origin', () => {
    const page = renderReport(hostileInput());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll('&#39;', "'");
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const script = page.slice(page.lastIndexOf('<script>') + 8, page.lastIndexOf('</script>'));
    const style = page.slice(page.indexOf('<style>') + 7, page.indexOf('</style>'));
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  it('names no other address: no link, source or import leads out of the file', () => {
    const page = renderReport(PLAIN);
    expect(page).not.toMatch(/https?:|\/\/[a-z0-9-]+\.[a-z]/i);
    expect([...page.matchAll(/\s(?:src|href|action)="([^"]*)"/g)].map((match) => match[1])).toEqual(['data:,']);
    expect(page).not.toMatch(/@import|url\(/);
  });

  it('carries the data as JSON that reads back as what went in', () => {
    const page = renderReport(hostileInput());
    const text = /<script type="application\/json" id="report-data">([^<]*)<\/script>/.exec(page)![1]!;
    const data = JSON.parse(text) as { equity: { value: number[] }; trades: { tag: string[]; count: number } };
    expect(data.equity.value).toEqual(PLAIN.result.equity.value);
    expect(data.trades.count).toBe(PLAIN.result.trades.length);
    expect(data.trades.tag[0]).toBe(HOSTILE);
  });

  it('is the same text for the same run', () => {
    expect(renderReport(PLAIN)).toBe(renderReport(PLAIN));
  });

  it('says why there are no trades, and that a stopped run is not whole', () => {
    const empty = withoutTrades(PLAIN);
    expect(renderReport(empty)).toContain('The strategy sent no order.');
    const denied = { ...empty, result: { ...empty.result, orderCounts: { ...empty.result.orderCounts, total: 3, denied: 3 } } };
    expect(renderReport(denied)).toContain('Risk denied every order');
    const held = { ...empty, result: { ...empty.result, fills: PLAIN.result.fills } };
    expect(renderReport(held)).toContain('No trade was closed.');
    expect(renderReport({ ...PLAIN, result: { ...PLAIN.result, status: 'stopped' } })).toContain('stopped before its data ended');
  });

  it('is made for a run without any market data', () => {
    const { result } = withoutTrades(PLAIN);
    const page = renderReport({
      ...PLAIN,
      prices: [],
      benchmark: null,
      result: { ...result, accounts: [], statistics: {}, equity: { currency: 'USD', tsUs: [], value: [] } },
    });
    expect(page).toContain('No equity was sampled');
    expect(page).toContain('No prices were kept');
    expect(page.slice(0, page.lastIndexOf('<script>'))).not.toContain('NaN');
  });

  it('has words for every statistic of a run', () => {
    const named = new Set(STATISTIC_GROUPS.flatMap((group) => group.rows.map((row) => row.name)));
    expect(Object.keys(PLAIN.result.statistics).filter((name) => !named.has(name))).toEqual([]);
  });

  it('shows a dash for what a run is too short for, and the reason once', () => {
    const statistics = { ...PLAIN.result.statistics, compoundAnnualGrowthRate: null, sharpeRatio: null };
    const reasons = { compoundAnnualGrowthRate: 'Too short & odd.', sharpeRatio: 'Too short & odd.' };
    const page = renderReport({ ...PLAIN, result: { ...PLAIN.result, statistics, statisticsUndefined: reasons } });
    expect(page.match(/<p class="muted">Too short &amp; odd\.<\/p>/g)).toHaveLength(1);
    expect(page).toMatch(/Sharpe ratio<\/div><div class="value ">–<\/div><div class="detail">run too short<\/div>/);
    expect(page).toContain('– per year (run too short)');
    expect(renderReport(PLAIN)).not.toContain('run too short');
  });

  it('shows a statistic that it has no words for by its name', () => {
    const page = renderReport({ ...PLAIN, result: { ...PLAIN.result, statistics: { ulcerIndex: 1.234 } } });
    expect(page).toContain('<dt>ulcerIndex</dt><dd>1.23</dd>');
  });
});

describe('text for HTML', () => {
  it('escapes what could end an attribute or begin a tag', () => {
    expect(escapeHtml(`<a href="x" b='y'>&`)).toBe('&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;');
    expect(escapeHtml('a\u0000b\ud800c😀')).toBe('a\uFFFDb\uFFFDc😀');
  });

  it('escapes parts and leaves pieces of HTML alone', () => {
    expect(html`<p>${'<'}${html`<b>${'&'}</b>`}${[html`<i></i>`, '>']}</p>`.text).toBe('<p>&lt;<b>&amp;</b><i></i>&gt;</p>');
  });

  it('leaves no < in JSON inside a script', () => {
    const text = jsonForScript({ a: '</script><!--' });
    expect(text).not.toContain('<');
    expect(JSON.parse(text)).toEqual({ a: '</script><!--' });
  });

  it('lists what the venue canceled of its own accord, with its reason', () => {
    const order = { code: 'VENUE_SIZE_ZERO', reason: 'nothing left to buy', time: '2024-01-01T00:00:00.000000Z', order: 'O-1' };
    const cancellations = [{ ...order, strategy: 'mine', instrument: 'A.SIM', side: 'BUY', quantity: '7', tag: '' }];
    const notes = { ...PLAIN.result.notes, cancellations, cancellationCounts: { VENUE_SIZE_ZERO: 2 } };
    const page = renderReport({ ...PLAIN, result: { ...PLAIN.result, notes } });
    expect(page).toContain('Canceled by the venue <span class="count">2</span>');
    expect(page).toContain('O-1 of mine, BUY 7 A.SIM: nothing left to buy');
  });

  it('lists the overrides of the run file beneath it, escaped, and has no such heading without any', () => {
    expect(renderReport({ ...PLAIN, overrides: ['--set strategy.parameters.fast=5', '--set name=<b>'] })).toContain(
      '--set strategy.parameters.fast=5\n--set name=&lt;b&gt;</pre>',
    );
    expect(renderReport(PLAIN)).not.toContain('<h3>Overrides');
  });
});
