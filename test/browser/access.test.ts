import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureWebBuilt, WEB_FOLDER } from '../../scripts/house/web-build.mjs';
import { appCode, PASSWORD } from '../../src/security/auth-world.fixture.ts';
import { type AccessWorld, startAccessWorld } from '../integration/access-world.fixture.ts';
import { closeBrowser, openBrowser, WHY, WITHOUT_CHROMIUM } from './chromium-kit.ts';
import { goTo, typeSignIn } from './dashboard-kit.ts';

const BUILD_TIMEOUT_MS = 300_000;
/** A browser on a machine that has other things to do. */
const BROWSER_TIMEOUT_MS = 180_000;
const PAGE_TIMEOUT_MS = 60_000;
const XSS = '<img src=x onerror="document.title=1">';

/** The real manager of authentication behind the built dashboard, with an admin. */
async function withAccess(use: (page: Page, world: AccessWorld, complaints: readonly string[]) => Promise<void>): Promise<void> {
  const world = await startAccessWorld({ http: { webFolder: WEB_FOLDER } });
  await world.access.createUser('root', 'admin');
  const context = await (await openBrowser()).newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    const complaints: string[] = [];
    page.on('console', (message) => {
      // A refusal is an answer, and the browser writes it down.
      if (['error', 'warning'].includes(message.type()) && !/ 4\d\d \(/.test(message.text())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    world.api.advance(2);
    await page.goto(world.api.server.url);
    await use(page, world, complaints);
  } finally {
    await context.close();
    await world.api.close();
  }
}

const live = (page: Page) => page.waitForSelector('.frame[data-link="live"]');

describe.skipIf(WITHOUT_CHROMIUM)(`users, keys and one’s own account in a browser${WHY}`, { timeout: BROWSER_TIMEOUT_MS }, () => {
  beforeAll(() => ensureWebBuilt(), BUILD_TIMEOUT_MS);
  afterAll(closeBrowser);

  it('SEC-05, SEC-61: enrols an authenticator app with masked fields, signs in with its code, and ends another session', async () => {
    await withAccess(async (page, { api, access }, complaints) => {
      const response = await page.goto(api.server.url);
      expect(response!.headers()['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(response!.headers()['x-frame-options']).toBe('DENY');
      expect(await page.getByLabel('Password').getAttribute('type')).toBe('password');
      await typeSignIn(page, 'root', PASSWORD);
      await live(page);
      await page.getByRole('button', { name: 'Account' }).click();
      await page.getByLabel('Your password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
      await page.getByRole('img', { name: 'Key for your authenticator app' }).waitFor();
      // Everything that is secret is masked as it is typed or pasted.
      expect(await page.locator('dialog input:not([type=password])').count()).toBe(0);
      const secret = (await page.locator('.totp-key').textContent())!.replaceAll(' ', '');
      const uri = `otpauth://totp/QuantHybrid:root?secret=${secret}`;
      await page.getByLabel('Code that the app shows').fill(appCode(uri, access.clock.now()));
      await page.getByRole('button', { name: 'Turn it on' }).click();
      await page.locator('.recovery-codes li').nth(9).waitFor();
      expect((await access.users.byName('root'))!.totp).toBe('ACTIVE');
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByRole('button', { name: 'Sign out' }).click();

      await typeSignIn(page, 'root', PASSWORD);
      await page.getByLabel(/Code of your authenticator/).fill(appCode(uri, access.clock.now() + 30e6));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await live(page);
      const other = await access.signIn('root', PASSWORD, '203.0.113.9', await recoveryCode(access));
      expect(other.ok).toBe(true);
      await page.getByRole('button', { name: 'Account' }).click();
      const row = page.locator('.session-list li', { hasText: '203.0.113.9' });
      await row.getByRole('button', { name: 'End' }).click();
      await row.waitFor({ state: 'detached' });
      expect(access.audit.rows.at(-1)).toMatchObject({ action: 'SESSION_ENDED', actor: 'root' });
      expect(complaints).toEqual([]);
    });
  });

  it('SEC-19, SEC-45: makes an API key that is good at once, shows its label as text, and revokes it', async () => {
    await withAccess(async (page, { api }, complaints) => {
      await typeSignIn(page, 'root', PASSWORD);
      await live(page);
      await goTo(page, 'operations');
      const title = await page.title();
      await page.getByRole('button', { name: 'New key…' }).click();
      await page.getByLabel('What it is for').fill(XSS);
      await page.getByLabel(/your password where you have none/).fill('wrong horse');
      await page.getByRole('button', { name: 'Make key' }).click();
      await page.getByText('The password or code is wrong.').waitFor();
      await page.getByLabel(/your password where you have none/).fill(PASSWORD);
      await page.getByRole('button', { name: 'Make key' }).click();
      const key = (await page.locator('.shown-once code').textContent())!;
      await page.getByRole('button', { name: 'I have noted it' }).click();
      const ask = () => fetch(`${api.server.url}/api/v1/instruments`, { headers: { authorization: `Bearer ${key}` } });
      expect((await ask()).status).toBe(200);
      const row = page.locator('.api-keys tbody tr', { hasText: XSS });
      await row.waitFor();
      expect(await page.locator('.api-keys img').count()).toBe(0);
      expect(await page.title()).toBe(title);
      await row.getByRole('button', { name: /^Revoke/ }).click();
      await row.filter({ hasText: 'revoked' }).waitFor();
      expect((await ask()).status).toBe(401);
      expect(complaints).toEqual([]);
    });
  });

  it('makes a user, gives another role, and asks the new one for a password of their own', async () => {
    await withAccess(async (page, { access }, complaints) => {
      await typeSignIn(page, 'root', PASSWORD);
      await live(page);
      await goTo(page, 'operations');
      await page.getByRole('button', { name: 'New user…' }).click();
      await page.getByLabel(/^Name: /).fill('ada');
      await page.getByLabel('Role').selectOption('trader');
      await page.getByLabel(/your password where you have none/).fill(PASSWORD);
      await page.getByRole('button', { name: 'Make user' }).click();
      const password = (await page.locator('.shown-once code').textContent())!;
      await page.getByRole('button', { name: 'I have noted it' }).click();
      const row = page.locator('.users tbody tr', { hasText: 'ada' });
      await row.filter({ hasText: 'one-time password' }).click();
      await page.getByLabel(/your password where you have none/).fill(PASSWORD);
      await page.getByLabel('Role').selectOption('risk');
      await page.getByRole('button', { name: 'Give this role' }).click();
      await row.filter({ hasText: 'risk' }).waitFor();
      expect((await access.users.byName('ada'))!.role).toBe('risk');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await typeSignIn(page, 'ada', password);
      await page.getByLabel('New password', { exact: true }).fill('seven quiet herons at dusk');
      await page.getByLabel('New password again').fill('seven quiet herons at dusk');
      await page.getByRole('button', { name: 'Set password' }).click();
      await live(page);
      await goTo(page, 'operations');
      await page.getByText('Your role does not include users.').waitFor();
      expect(complaints).toEqual([]);
    });
  });
});

/** One that is good: the ones that were shown went by on the page. */
async function recoveryCode({ users }: AccessWorld['access']): Promise<string> {
  const user = (await users.byName('root'))!;
  const { sha256Hex, normalizeCode } = await import('../../src/security/chance.ts');
  const code = 'abcde-fghjk-mnpqr-stvwx';
  await users.replace({ ...user, recoveryHashes: [...user.recoveryHashes, sha256Hex(normalizeCode(code))], revision: user.revision + 1 });
  return code;
}
