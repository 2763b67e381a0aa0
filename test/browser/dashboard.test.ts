import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWebBuilt } from '../../scripts/house/web-build.mjs';
import { PASSWORD } from '../../src/adapters/http/memory-gatekeeper.fixture.ts';
import { closeBrowser, WHY, WITHOUT_CHROMIUM } from './chromium-kit.ts';
import { goTo, opacityOf, signIn, typeSignIn, withDesk } from './dashboard-kit.ts';

const BUILD_TIMEOUT_MS = 300_000;
/** A browser on a machine that has other things to do. */
const BROWSER_TIMEOUT_MS = 180_000;

describe.skipIf(WITHOUT_CHROMIUM)(`the dashboard in a browser${WHY}`, { timeout: BROWSER_TIMEOUT_MS }, () => {
  beforeAll(() => ensureWebBuilt(), BUILD_TIMEOUT_MS);
  afterAll(closeBrowser);

  it('lets in whoever has the password, says that a wrong one is wrong, and asks nothing of any other place', async () => {
    await withDesk({}, async ({ page, complaints }) => {
      await typeSignIn(page, 'trader', 'wrong horse');
      await page.getByRole('alert').filter({ hasText: 'Name, password or code is wrong.' }).waitFor();
      await signIn(page);
      await page.locator('.top .pill', { hasText: 'ACTIVE' }).waitFor();
      await page.locator('.top .pill', { hasText: 'PAPER' }).waitFor();
      expect(complaints).toEqual([]);
    });
  });

  it('asks for the code of the second factor once the password is right', async () => {
    await withDesk({}, async ({ page, world }) => {
      const { gatekeeper } = world;
      const known = gatekeeper.signIn;
      gatekeeper.signIn = (asked) =>
        asked.code === '123456'
          ? known(asked)
          : Promise.resolve({ ok: false, code: 'AUTH_SECOND_FACTOR_NEEDED', message: 'Send the code too.' });
      await typeSignIn(page, 'admin');
      await page.getByLabel(/Code of your authenticator/).fill('123456');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.waitForSelector('.frame[data-link="live"]');
    });
  });

  it('asks for a password of one’s own after a one-time password', async () => {
    await withDesk({}, async ({ page, world }) => {
      const { gatekeeper } = world;
      const known = gatekeeper.signIn;
      gatekeeper.signIn = async (asked) => {
        const answer = await known(asked);
        return answer.ok ? { ok: true, value: { ...answer.value, mustChangePassword: true } } : answer;
      };
      await typeSignIn(page, 'admin');
      await page.getByLabel('New password', { exact: true }).fill('four words of my own');
      await page.getByLabel('New password again').fill('four words of somebody');
      await page.getByRole('button', { name: 'Set password' }).click();
      await page.getByText('The two new passwords differ.').waitFor();
      await page.getByLabel('New password again').fill('four words of my own');
      await page.getByRole('button', { name: 'Set password' }).click();
      await page.waitForSelector('.frame[data-link="live"]');
    });
  });

  it('shows a fill as it comes, and the position that it makes', async () => {
    await withDesk({}, async ({ page, world }) => {
      await signIn(page);
      await page.getByText('Nothing has been filled yet.').waitFor();
      // At the offer of 100.02, by somebody else.
      await world.place({ quantity: '3' });
      world.advance(1);
      const row = page.locator('.fills tbody tr');
      await row.filter({ hasText: '100.02' }).waitFor();
      expect(await row.locator('td').allTextContents()).toEqual([
        expect.stringMatching(/^\d\d:\d\d:\d\d$/),
        'TEST.SIM',
        'BUY',
        '3',
        '100.02',
        'manual',
      ]);
      await goTo(page, 'positions');
      await page.locator('.position-list tbody tr', { hasText: '+3' }).waitFor();
    });
  });

  it('flattens one position after saying what it would send, and stops nobody for it', async () => {
    await withDesk({}, async ({ page, world, complaints }) => {
      await world.place({ quantity: '3' });
      await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.50' });
      world.advance(1);
      await signIn(page);
      await goTo(page, 'positions');
      await page.getByRole('button', { name: 'Flatten TEST.SIM of manual' }).click();
      const dialog = page.getByRole('dialog', { name: 'Flatten TEST.SIM' });
      await dialog.getByText('Sell 3 at the market, for manual.').waitFor();
      await dialog.getByRole('button', { name: 'Sell 3' }).click();
      await page.locator('.notice.done', { hasText: 'Flatten TEST.SIM of manual' }).waitFor();
      world.advance(1);
      await page.getByText('Nothing is held.').waitFor();
      expect(world.mirror.openOrders().map(({ limitPrice }) => limitPrice)).toEqual([9_950]);
      expect(world.mirror.tradingSwitches()).toEqual([]);
      expect(complaints).toEqual([]);
    });
  });

  it('places a limit order by keys alone, tells its life, and cancels it', async () => {
    await withDesk({}, async ({ page, world, complaints }) => {
      await signIn(page);
      await page.keyboard.press('b');
      await page.waitForSelector('.page.orders');
      await page.keyboard.type('2');
      await page.keyboard.press('Tab');
      await page.keyboard.type('99.50');
      await page.keyboard.press('Enter');
      await page.locator('.confirm', { hasText: 'BUY 2 TEST.SIM limit at 99.50' }).waitFor();
      await page.keyboard.press('Enter');
      const row = page.locator('.order-list tbody tr', { hasText: '99.50' });
      await row.filter({ hasText: 'accepted' }).waitFor();
      expect(world.mirror.openOrders().length).toBe(1);
      await row.click();
      await page.locator('.timeline li', { hasText: 'Accepted' }).waitFor();
      const events = await page.locator('.timeline strong').allTextContents();
      expect(events).toEqual(['Initialized', 'Submitted', 'Accepted']);
      await page.keyboard.press('Escape');
      await row.getByRole('button', { name: 'Cancel O-1' }).click();
      world.advance(1);
      await row.filter({ hasText: 'canceled' }).waitFor();
      expect(world.mirror.openOrders().length).toBe(0);
      expect(complaints).toEqual([]);
    });
  });

  it('modifies a working order after saying what changes', async () => {
    await withDesk({}, async ({ page, world }) => {
      await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.50' });
      world.advance(1);
      await signIn(page);
      await goTo(page, 'orders');
      await page.locator('.order-list tbody tr', { hasText: '99.50' }).click();
      await page.getByRole('button', { name: 'Modify…' }).click();
      await page.getByLabel('Limit price').last().fill('99.40');
      await page.locator('.modify', { hasText: 'was 99.50' }).waitFor();
      await page.getByRole('button', { name: 'Ask to modify' }).click();
      world.advance(1);
      await page.locator('.order-list tbody tr', { hasText: '99.40' }).filter({ hasText: 'accepted' }).waitFor();
    });
  });

  it('shows a denied order with the limit and what was observed', async () => {
    await withDesk({ limits: { everyInstrument: { maxOrderQty: 5 } } }, async ({ page }) => {
      await signIn(page);
      await page.keyboard.press('b');
      await page.waitForSelector('.page.orders');
      await page.getByRole('button', { name: 'Market', exact: true }).click();
      await page.getByLabel(/^Quantity/).fill('6');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Send order' }).click();
      await page.locator('.notice.refused', { hasText: 'QUANTITY_EXCEEDS_MAXIMUM' }).waitFor();
      await goTo(page, 'risk');
      const row = page.locator('.denials tbody tr', { hasText: 'QUANTITY_EXCEEDS_MAXIMUM' });
      await row.waitFor();
      const cells = await row.locator('td').allTextContents();
      expect([cells[5], cells[6]]).toEqual(['5', '6']);
    });
  });

  it('stops a strategy, changes its parameter with both values in sight, and starts it again', async () => {
    await withDesk({}, async ({ page, world }) => {
      await signIn(page);
      await goTo(page, 'strategies');
      await page.getByLabel('size').fill('10');
      await page.getByText('From 1 to 9.').waitFor();
      await page.getByLabel('size').fill('4');
      await page.locator('.parameter-changes li', { hasText: 'size 1 → 4' }).waitFor();
      await page.getByRole('button', { name: 'Apply 1' }).click();
      await page.locator('.notice.done', { hasText: 'Change size of sleeper' }).waitFor();
      expect(world.mirror.strategies()[0]!.state.parameters).toEqual({ size: 4 });
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.locator('.strategy-list tbody tr', { hasText: 'sleeper' }).filter({ hasText: 'stopped' }).waitFor();
      expect(world.mirror.strategies()[0]!.state.status).toBe('STOPPED');
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.locator('.strategy-list tbody tr', { hasText: 'sleeper' }).filter({ hasText: 'running' }).waitFor();
    });
  });

  it('tightens a limit by a typed word, raises it by a proof too, and says why it is not done', async () => {
    await withDesk({ limits: { everyInstrument: { maxOrderQty: 10 } } }, async ({ page, world }) => {
      await signIn(page, 'admin');
      await goTo(page, 'risk');
      const change = async (value: string, proof: string): Promise<void> => {
        await page.getByRole('button', { name: 'Change maxOrderQty of instrument TEST.SIM' }).click();
        await page.getByLabel(/New value/).fill(value);
        const button = page.getByRole('button', { name: 'Change', exact: true });
        expect(await button.isDisabled()).toBe(true);
        if (proof !== '') await page.getByLabel(/Only to permit more/).fill(proof);
        await page.getByLabel('Type CHANGE').fill('CHANGE');
        await button.click();
      };
      const row = page.locator('tbody tr', { hasText: 'maxOrderQty' });
      await change('4', '');
      await row.filter({ hasText: '4' }).waitFor();
      expect(world.mirror.limits()).toMatchObject([{ name: 'maxOrderQty', value: '4' }]);
      await change('5', '');
      await page.locator('.refusal', { hasText: 'would go from 4 TEST to 5 TEST' }).waitFor();
      await page.keyboard.press('Escape');
      await change('5', PASSWORD);
      await row.filter({ hasText: '5' }).waitFor();
      expect(world.mirror.limits()).toMatchObject([{ value: '5' }]);
    });
  });

  it('throws the kill switch when it is held, not when it is clicked, and releases it by word and proof', async () => {
    await withDesk({}, async ({ page, world }) => {
      await world.place({ orderType: 'LIMIT', quantity: '2', limitPrice: '99.50' });
      world.advance(1);
      await signIn(page);
      await page.getByRole('button', { name: 'Kill switch' }).click();
      const hold = page.getByRole('button', { name: 'Hold to halt trading' });
      await hold.click();
      await hold.waitFor();
      expect(world.mirror.tradingSwitches()).toEqual([]);
      await hold.hover();
      await page.mouse.down();
      await page.locator('.top .pill', { hasText: 'KILLED' }).waitFor();
      await page.mouse.up();
      world.advance(1);
      await goTo(page, 'orders');
      await page.locator('.order-list tbody tr', { hasText: '99.50' }).filter({ hasText: 'canceled' }).waitFor();
      await page.getByRole('button', { name: 'Release…' }).click();
      const release = page.getByRole('button', { name: 'Release', exact: true });
      await page.getByLabel(/Code of your authenticator/).fill(PASSWORD);
      expect(await release.isDisabled()).toBe(true);
      await page.getByLabel('Type RELEASE').fill('RELEASE');
      await release.click();
      await page.locator('.top .pill', { hasText: 'ACTIVE' }).waitFor();
    });
  });

  it('says that it is cut off when the server stops, and greys what it knew', async () => {
    await withDesk({}, async ({ page, world }) => {
      await signIn(page);
      expect(await opacityOf(page, '.figure-value')).toBe('1');
      await world.server.close();
      await page
        .getByRole('alert')
        .filter({ hasText: /No connection for .* Everything below is as of/ })
        .waitFor();
      expect(await opacityOf(page, '.figure-value')).toBe('0.5');
      await page.locator('.connection', { hasText: 'Offline' }).waitFor();
    });
  });

  it('comes back by itself after the connection was cut, with what was missed', async () => {
    await withDesk({}, async ({ page, world }) => {
      await signIn(page);
      world.gatekeeper.end({ userId: 'admin', accessId: null });
      await page.waitForSelector('.frame[data-link="offline"]');
      await world.place({ quantity: '4' });
      world.advance(1);
      await page.waitForSelector('.frame[data-link="live"]');
      await page.locator('.fills tbody tr', { hasText: '100.02' }).waitFor();
      await goTo(page, 'orders');
      await page.locator('.order-list tbody tr', { hasText: 'O-1' }).filter({ hasText: 'filled' }).waitFor();
    });
  });

  it('notices a message that was lost by its number, and asks for the whole again', async () => {
    await withDesk({}, async ({ page, world }) => {
      let lost = 0;
      await page.routeWebSocket(/\/stream$/, (client) => {
        const server = client.connectToServer();
        server.onMessage((message) => {
          const isFirstFill = lost === 0 && /"type":"delta","channel":"fills"/.test(String(message));
          if (isFirstFill) lost += 1;
          else client.send(message);
        });
      });
      await page.reload();
      await signIn(page);
      await world.place({ quantity: '3' });
      world.advance(1);
      await world.place({ quantity: '5' });
      world.advance(1);
      const quantities = page.locator('.fills tbody tr td:nth-child(4)');
      await quantities.nth(1).waitFor();
      expect({ lost, shown: await quantities.allTextContents() }).toEqual({ lost: 1, shown: ['5', '3'] });
    });
  });

  it('goes where keys say, finds what is typed, and closes by Escape', async () => {
    await withDesk({}, async ({ page }) => {
      await signIn(page);
      await page.keyboard.press('g');
      await page.keyboard.press('o');
      await page.waitForSelector('.page.orders');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys and display' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.keyboard.press('/');
      await page.getByRole('textbox', { name: 'Search' }).fill('test.sim');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.page.markets');
      await page.locator('.candles .readout b').first().waitFor();
    });
  });

  it('a viewer is shown the desk, and refused with the reason', async () => {
    await withDesk({}, async ({ page }) => {
      await signIn(page, 'viewer');
      await goTo(page, 'strategies');
      await page.getByRole('button', { name: 'Stop…' }).click();
      await page.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.locator('.notice.refused', { hasText: 'AUTH_RIGHT_MISSING' }).waitFor();
    });
  });

  it.each([
    ['light', 1280, 800],
    ['dark', 390, 844],
  ] as const)('fits %s at %i × %i on every page, without a complaint of the browser', async (colorScheme, width, height) => {
    await withDesk({ choice: { colorScheme, width, height } }, async ({ page, world, complaints }) => {
      await world.place({ quantity: '3' });
      world.advance(1);
      await signIn(page);
      for (const name of ['overview', 'markets', 'orders', 'positions', 'strategies', 'risk', 'research', 'operations']) {
        await goTo(page, name);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBe(0);
      }
      expect(complaints).toEqual([]);
    });
  });
});
