import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { closeBrowser, type PageChoice, WHY, WITHOUT_CHROMIUM, withPage } from './chromium-kit.ts';
import { crossReport, walkBars, withoutTrades } from './report-input.fixture.ts';
import { renderReport } from '../../src/adapters/report/html-report.ts';
import type { ReportInput } from '../../src/contract/run-result.ts';

const DAY_US = 86_400_000_000;
const DESK: PageChoice = { width: 1280, height: 800, colorScheme: 'light' };
const folder = mkdtempSync(path.join(tmpdir(), 'quanthybrid-report-'));
afterAll(async () => {
  await closeBrowser();
  rmSync(folder, { recursive: true, force: true });
});

const RUN = crossReport(walkBars(1500, DAY_US), { name: 'daily cross', fast: 5, slow: 15 });

function written(name: string, input: ReportInput): string {
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, renderReport(input));
  return file;
}

/** How many pixels of a canvas are not empty, and a sum that changes when what is drawn changes. */
function inkOf(page: Page, id: string): Promise<{ readonly inked: number; readonly sum: number }> {
  // Read from a copy: reading the chart's own canvas would draw a warning from the browser.
  const program = `(() => { const canvas = document.getElementById('${id}'); const { width, height } = canvas;
    const copy = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0); const { data } = copy.getImageData(0, 0, width, height);
    let inked = 0, sum = 0; for (let i = 3; i < data.length; i += 4) { if (data[i] > 0) inked += 1; sum = (sum * 31 + data[i] + data[i - 1]) % 1000000007; } return { inked, sum }; })()`;
  return page.evaluate(program);
}

async function settled(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))');
}

function column(page: Page, heading: string): Promise<string[]> {
  const program = `(() => { const heads = [...document.querySelectorAll('#trade-table th')]; const index = heads.findIndex((th) => th.textContent.startsWith('${heading}'));
    return [...document.querySelectorAll('#trade-table tbody tr')].map((row) => row.children[index].textContent); })()`;
  return page.evaluate(program);
}

const numberOf = (text: string): number => Number(text.replaceAll('\u202f', '').replace('\u2212', '-'));

describe.skipIf(WITHOUT_CHROMIUM)(`a report in a browser${WHY}`, () => {
  it('opens offline without a complaint or a request, and draws equity and price, at both widths and in both themes', async () => {
    const file = written('plain', RUN);
    for (const width of [1280, 390]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await withPage(file, { width, height: 844, colorScheme }, async ({ page, complaints }) => {
          await settled(page);
          expect((await inkOf(page, 'equity-chart')).inked).toBeGreaterThan(3000);
          expect((await inkOf(page, 'price-chart')).inked).toBeGreaterThan(3000);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
          expect(await page.locator('#equity-readout').textContent()).toContain('equity');
          expect(complaints).toEqual([]);
        });
      }
    }
  });

  it('sorts its trades by a click on a heading, the other way by a second, and turns the page', async () => {
    await withPage(written('sorted', RUN), DESK, async ({ page, complaints }) => {
      await page.getByRole('button', { name: 'P&L USD' }).click();
      const falling = (await column(page, 'P&L')).map(numberOf);
      const best = Math.max(...RUN.result.trades.map((trade) => Number(trade.pnl)));
      expect(falling).toEqual([...falling].sort((a, b) => b - a));
      expect(falling[0]).toBe(best);
      await page.getByRole('button', { name: 'P&L USD' }).click();
      const rising = (await column(page, 'P&L')).map(numberOf);
      expect(rising).toEqual([...rising].sort((a, b) => a - b));
      expect(await page.locator('th[aria-sort="ascending"]').count()).toBe(1);
      await page.getByRole('button', { name: 'Later rows' }).click();
      expect(await page.locator('.pager').textContent()).toContain(`26 to 50 of ${RUN.result.trades.length}`);
      expect((await column(page, 'P&L')).map(numberOf)[0]).toBeGreaterThanOrEqual(rising.at(-1)!);
      expect(complaints).toEqual([]);
    });
  });

  it('zooms by wheel, pans by drag and by keys, shows all again, and moves both charts together', async () => {
    await withPage(written('zoomed', RUN), DESK, async ({ page, complaints }) => {
      await settled(page);
      const states: number[] = [];
      const note = async (): Promise<void> => {
        await settled(page);
        states.push((await inkOf(page, 'price-chart')).sum);
      };
      const chart = page.locator('#equity-chart');
      await chart.scrollIntoViewIfNeeded();
      const box = (await chart.boundingBox())!;
      await note();
      await page.mouse.move(box.x + 300, box.y + 100);
      for (let times = 0; times < 5; times += 1) await page.mouse.wheel(0, -300);
      await note();
      await page.mouse.down();
      await page.mouse.move(box.x + 120, box.y + 100, { steps: 5 });
      await page.mouse.up();
      await note();
      await chart.focus();
      await page.keyboard.press('ArrowRight');
      await note();
      await page.keyboard.press('+');
      await note();
      expect(new Set(states).size).toBe(5);
      await page.mouse.move(box.x + 300, box.y - 60);
      await page.keyboard.press('0');
      await note();
      expect(states[5]).toBe(states[0]);
      expect(complaints).toEqual([]);
    });
  });

  it('opens a trade in the chart when its row is chosen by keyboard', async () => {
    await withPage(written('opened', RUN), DESK, async ({ page, complaints }) => {
      await settled(page);
      const before = (await inkOf(page, 'price-chart')).sum;
      await page.locator('#trade-table tbody tr').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await settled(page);
      expect((await inkOf(page, 'price-chart')).sum).not.toBe(before);
      expect(complaints).toEqual([]);
    });
  });

  it('runs no script of a hostile name, tag, log line or run file', async () => {
    const evil = `</script><script>document.title='owned'</script><img src=x onerror="document.title='owned'">`;
    const { result } = RUN;
    const hostile: ReportInput = {
      ...RUN,
      runFileText: evil,
      parameters: { [evil]: { [evil]: evil } },
      prices: [{ ...RUN.prices[0]!, instrument: evil }, RUN.prices[0]!],
      result: {
        ...result,
        name: evil,
        trades: result.trades.map((trade) => ({ ...trade, tag: evil, strategy: evil, instrument: evil, pnl: evil })),
        fills: result.fills.map((fill) => ({ ...fill, instrument: evil, tag: evil })),
        notes: { ...result.notes, log: [{ strategy: evil, level: evil, message: evil, time: evil }], refusedRows: { [evil]: 1 } },
      },
    };
    await withPage(written('hostile', hostile), DESK, async ({ page, complaints }) => {
      await settled(page);
      expect(await page.title()).toBe(`${evil}: backtest report`);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      expect((await column(page, 'Tag'))[0]).toBe(evil);
      expect(complaints).toEqual([]);
    });
  });

  it('shows a run without trades and one with nothing at all', async () => {
    const { result } = withoutTrades(RUN);
    const nothing: ReportInput = {
      ...RUN,
      prices: [],
      benchmark: null,
      result: { ...result, status: 'stopped', statistics: {}, accounts: [], equity: { currency: 'USD', tsUs: [], value: [] } },
    };
    for (const input of [withoutTrades(RUN), nothing]) {
      await withPage(written('empty', input), DESK, async ({ page, complaints }) => {
        await settled(page);
        expect(await page.getByText('The strategy sent no order.').isVisible()).toBe(true);
        expect(complaints).toEqual([]);
      });
    }
  });

  it('draws twenty thousand bars and thousands of trades in less than a frame of 50 ms', async () => {
    const large = crossReport(walkBars(20_000, 3_600_000_000), { name: 'large', fast: 2, slow: 4 });
    await withPage(written('large', large), DESK, async ({ page, complaints }) => {
      await settled(page);
      await page.locator('#price-chart').focus();
      // Twenty keys, each with the frame that draws both charts, timed from before their callbacks to after; the median counts, since the
      // machine may be busy.
      const program = `(async () => { const chart = document.getElementById('price-chart'); const times = [];
        for (let step = 0; step < 20; step += 1) {
          let since = 0;
          requestAnimationFrame(() => { since = performance.now(); });
          chart.dispatchEvent(new KeyboardEvent('keydown', { key: step < 4 ? '+' : step % 2 ? 'ArrowLeft' : 'ArrowRight' }));
          times.push(await new Promise((done) => requestAnimationFrame(() => done(performance.now() - since))));
        } return times.sort((a, b) => a - b)[10]; })()`;
      expect(await page.evaluate<number>(program)).toBeLessThan(50);
      expect(complaints).toEqual([]);
    });
  });
});
