import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWebBuilt } from '../../scripts/house/web-build.mjs';
import type { ApiWorld } from '../../src/adapters/http/api-world.fixture.ts';
import { PASSWORD } from '../../src/adapters/http/memory-gatekeeper.fixture.ts';
import { closeBrowser, WHY, WITHOUT_CHROMIUM } from './chromium-kit.ts';
import { goTo, signIn, withDesk } from './dashboard-kit.ts';

const BUILD_TIMEOUT_MS = 300_000;
const BROWSER_TIMEOUT_MS = 180_000;
const PAGES = ['overview', 'markets', 'orders', 'positions', 'strategies', 'risk', 'research', 'operations'];

const LETTERS = {
  v: 'overview',
  m: 'markets',
  o: 'orders',
  p: 'positions',
  s: 'strategies',
  r: 'risk',
  e: 'research',
  t: 'operations',
} as const;
const STOPS_MAX = 150;

/** What has the focus: whether it is in sight and drawn as focused, and what it says. */
const FOCUS = `(() => {
  const { activeElement: element } = document;
  if (element === null || element === document.body) return null;
  const { width, height, top, left, bottom, right } = element.getBoundingClientRect();
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
  const isInSight = width > 0 && height > 0 && bottom > 0 && right > 0 && top < innerHeight && left < innerWidth;
  const isMarked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  const name = element.getAttribute('aria-label') ?? element.textContent.slice(0, 40);
  return { isGood: isInSight && isMarked, name: element.localName + ' ' + name };
})()`;

interface Walked {
  /** Stops that are out of sight or not drawn as focused. */
  readonly unmarked: readonly string[];
  readonly reachesKill: boolean;
  /** Tab leaves the page at its end: nothing holds the focus. */
  readonly comesRound: boolean;
}

async function walk(page: Page): Promise<Walked> {
  const unmarked: string[] = [];
  let reachesKill = false;
  for (let stop = 0; stop < STOPS_MAX; stop += 1) {
    await page.keyboard.press('Tab');
    const focus = (await page.evaluate(FOCUS)) as { readonly isGood: boolean; readonly name: string } | null;
    if (focus === null) return { unmarked, reachesKill, comesRound: true };
    if (!focus.isGood) unmarked.push(focus.name);
    if (focus.name.includes('Kill switch')) reachesKill = true;
  }
  return { unmarked, reachesKill, comesRound: false };
}

/** Rules of WCAG 2.2 at the levels A and AA. */
const RULES = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };

/** What axe calls serious or critical, in words that name the place. */
async function findings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(`axe.run(document, ${JSON.stringify(RULES)})`)) as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`));
}

/** An order that rests, one that is filled, one that is denied, and a switch that was moved: something on every page. */
async function trade(world: ApiWorld): Promise<void> {
  await world.place({ quantity: '3' });
  await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.50' });
  world.advance(1);
  await world.place({ quantity: '100' });
  const scope = { kind: 'STRATEGY', strategy: 'sleeper' };
  await world.ask('trader', 'PUT', '/trading-state', { scope, state: 'REDUCING', reason: 'a drill' });
}

describe.skipIf(WITHOUT_CHROMIUM)(`the dashboard for everybody${WHY}`, { timeout: BROWSER_TIMEOUT_MS }, () => {
  beforeAll(() => ensureWebBuilt(), BUILD_TIMEOUT_MS);
  afterAll(closeBrowser);

  it.each([
    ['light', 1280, 800],
    ['dark', 1280, 800],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)('axe finds nothing serious in %s at %i × %i, and nothing is wider than the screen', async (colorScheme, width, height) => {
    const limits = { everyInstrument: { maxOrderQty: 10 } };
    await withDesk({ limits, choice: { colorScheme, width, height } }, async ({ page, world, complaints }) => {
      expect(await findings(page), 'sign-in').toEqual([]);
      await trade(world);
      await signIn(page);
      for (const name of PAGES) {
        await goTo(page, name);
        await page.locator(`.page.${name} .panel`).first().waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBe(0);
        expect(await findings(page), name).toEqual([]);
      }
      await page.locator('.top .kill').click();
      expect(await findings(page), 'the question of the kill switch').toEqual([]);
      await page.keyboard.press('Escape');
      await goTo(page, 'orders/O-1');
      await page.locator('.timeline li').first().waitFor();
      expect(await findings(page), 'the life of an order').toEqual([]);
      expect(complaints).toEqual([]);
    });
  });

  it('a walk by keys alone: in by Enter, every page by its letters, every stop in sight and marked, and no trap', async () => {
    const limits = { everyInstrument: { maxOrderQty: 10 } };
    await withDesk({ limits }, async ({ page, world, complaints }) => {
      await trade(world);
      await page.locator(':focus').first().waitFor();
      await page.keyboard.type('admin');
      await page.keyboard.press('Tab');
      await page.keyboard.type(PASSWORD);
      await page.keyboard.press('Enter');
      await page.waitForSelector('.frame[data-link="live"]');
      for (const [letter, name] of Object.entries(LETTERS)) {
        await page.keyboard.press('g');
        await page.keyboard.press(letter);
        await page.waitForSelector(`.page.${name}`);
        await page.locator(`.page.${name} .panel`).first().waitFor();
        expect({ name, ...(await walk(page)) }).toEqual({ name, unmarked: [], reachesKill: true, comesRound: true });
        await page.evaluate('document.activeElement.blur()');
      }
      expect(complaints).toEqual([]);
    });
  });

  it('a table by keys: arrows move, Enter opens, Escape closes', async () => {
    await withDesk({}, async ({ page, world }) => {
      await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.50' });
      await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.40' });
      world.advance(1);
      await signIn(page);
      await goTo(page, 'orders');
      const rows = page.locator('.order-list tbody tr');
      await rows.nth(1).waitFor();
      await rows.nth(0).focus();
      await page.keyboard.press('ArrowDown');
      await page.locator('.order-list tbody tr:focus', { hasText: '99.50' }).waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Order O-1' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { name: 'Order O-1' }).waitFor({ state: 'detached' });
    });
  });
});
