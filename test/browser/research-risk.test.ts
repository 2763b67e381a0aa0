import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWebBuilt } from '../../scripts/house/web-build.mjs';
import { closeBrowser, WHY, WITHOUT_CHROMIUM } from './chromium-kit.ts';
import { goTo, signIn, withDesk } from './dashboard-kit.ts';

const BUILD_TIMEOUT_MS = 300_000;
const BROWSER_TIMEOUT_MS = 180_000;

describe.skipIf(WITHOUT_CHROMIUM)(`research and risk in a browser${WHY}`, { timeout: BROWSER_TIMEOUT_MS }, () => {
  beforeAll(() => ensureWebBuilt(), BUILD_TIMEOUT_MS);
  afterAll(closeBrowser);

  it('lists a run with its curve, and opens its report in a page of no origin that may run its own scripts only', async () => {
    await withDesk({}, async ({ page, complaints }) => {
      await signIn(page);
      await goTo(page, 'research');
      const row = page.locator('.runs tbody tr', { hasText: 'first' });
      await row.filter({ hasText: 'fast=5' }).locator('svg.sparkline').waitFor();
      const [report] = await Promise.all([page.context().waitForEvent('page'), row.getByRole('link', { name: 'Report' }).click()]);
      await report.waitForLoadState();
      expect(await report.evaluate('[typeof a, self.origin, getComputedStyle(document.documentElement).display]')).toEqual([
        'number',
        'null',
        'block',
      ]);
      // Whatever a report says, it reaches nothing, this server included.
      expect(await report.evaluate(`fetch('/api/v1/auth/me').then(() => 'reached', () => 'refused')`)).toBe('refused');
      await row.click();
      await page.getByRole('heading', { name: 'first' }).waitFor();
      await page.getByText('strategy.parameters.fast=5').last().waitFor();
      expect(complaints).toEqual([]);
    });
  });

  it('shows what is held under other prices, and who moved which switch why', async () => {
    await withDesk({}, async ({ page, world, complaints }) => {
      await signIn(page);
      await goTo(page, 'risk');
      await page.getByText('Nothing is held.').waitFor();
      await page.getByText('No switch was moved.').waitFor();
      await world.place({ quantity: '100' });
      world.advance(1);
      // 100 at 100.01 are worth 10,001; a fifth of it is 2,000.20.
      const cells = page.locator('.scenarios tbody tr').first().locator('td');
      await cells.nth(7).waitFor();
      expect((await cells.allTextContents()).map((text) => text.replaceAll('\u202f', ''))).toEqual([
        'TEST.SIM',
        '+10001',
        '\u22122000',
        '\u22121000',
        '\u2212500',
        '+500',
        '+1000',
        '+2000',
      ]);
      await page.getByText(/^Value at risk needs some nine hours/).waitFor();
      await page.getByRole('button', { name: 'Reduce only' }).click();
      await page.locator('.switch-history li', { hasText: /firm is REDUCING: .*admin.*: by hand, dashboard/ }).waitFor();
      expect(complaints).toEqual([]);
    });
  });
});
