import type { Page } from 'playwright-core';
import { WEB_FOLDER } from '../../scripts/house/web-build.mjs';
import { ApiWorld, type WorldOptions } from '../../src/adapters/http/api-world.fixture.ts';
import { PASSWORD } from '../../src/adapters/http/memory-gatekeeper.fixture.ts';
import type { Role } from '../../src/model/rights.ts';
import { openBrowser, type PageChoice } from './chromium-kit.ts';

/** The session's clock stands in January 2026 and the browser's does not: cookies must not be old when they come. */
const COOKIES_END_TS = Date.UTC(2200, 0) * 1000;
const PAGE_TIMEOUT_MS = 60_000;
const DESK_SIZE: PageChoice = { width: 1280, height: 800, colorScheme: 'light' };

export interface DeskPage {
  readonly world: ApiWorld;
  readonly page: Page;
  /** Errors and warnings of the console, uncaught exceptions, and requests for anything but this server. */
  readonly complaints: string[];
}

function keepCookies({ gatekeeper }: ApiWorld): void {
  const signIn = gatekeeper.signIn.bind(gatekeeper);
  gatekeeper.signIn = async (asked) => {
    const answer = await signIn(asked);
    return answer.ok ? { ok: true, value: { ...answer.value, tsAccessEnd: COOKIES_END_TS, tsEnd: COOKIES_END_TS } } : answer;
  };
  const changePassword = gatekeeper.changePassword.bind(gatekeeper);
  gatekeeper.changePassword = async (caller, current) => {
    const answer = await changePassword(caller, current);
    return answer.ok ? { ok: true, value: { ...answer.value, tsAccessEnd: COOKIES_END_TS, tsEnd: COOKIES_END_TS } } : answer;
  };
}

/** A real session behind the real server, and the built dashboard in a browser that has never been here. */
export async function withDesk<T>(
  options: WorldOptions & { readonly choice?: PageChoice },
  use: (desk: DeskPage) => Promise<T>,
): Promise<T> {
  const { choice = DESK_SIZE, ...worldOptions } = options;
  const world = await ApiWorld.start({ ...worldOptions, http: { webFolder: WEB_FOLDER } });
  keepCookies(world);
  const { width, height, colorScheme } = choice;
  const context = await (await openBrowser()).newContext({ viewport: { width, height }, colorScheme });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PAGE_TIMEOUT_MS);
    const complaints: string[] = [];
    page.on('console', (message) => {
      // Whoever has not signed in is told so by a 401, and the browser writes that down.
      const isExpected = / 40[13] \(/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(world.server.url)) complaints.push(`request: ${request.url()}`);
    });
    world.advance(2);
    await page.goto(world.server.url);
    return await use({ world, page, complaints });
  } finally {
    await context.close();
    await world.close();
  }
}

export async function typeSignIn(page: Page, name: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Signs in and waits until everything has been told. */
export async function signIn(page: Page, role: Role = 'admin'): Promise<void> {
  await typeSignIn(page, role);
  await page.waitForSelector('.frame[data-link="live"]');
}

/** The opacity that an element is drawn with. */
export function opacityOf(page: Page, selector: string): Promise<unknown> {
  return page.evaluate(`getComputedStyle(document.querySelector('${selector}')).opacity`);
}

export async function goTo(page: Page, name: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${name}'`);
  await page.waitForSelector(`.page.${name.split('/')[0]}`);
}
