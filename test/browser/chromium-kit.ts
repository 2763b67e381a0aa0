import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The system's browser: `CHROMIUM_PATH`, or where distributions put it. */
const CANDIDATES = [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const CHROMIUM = CANDIDATES.find((candidate) => candidate !== undefined && existsSync(candidate));
export const WITHOUT_CHROMIUM = CHROMIUM === undefined;
export const WHY = WITHOUT_CHROMIUM ? ' (skipped: no Chromium; set CHROMIUM_PATH)' : '';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught exceptions, and requests for anything but the file itself. */
  readonly complaints: string[];
}

export interface PageChoice {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

let browser: Browser | null = null;

/** One browser for a file of tests, of a fresh profile. */
export async function openBrowser(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: CHROMIUM ?? '', args: FLAGS });
  return browser;
}

/** Call once after the last test of a file. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = null;
}

/** Opens a file in a browser of a fresh profile and a context of its own, and hands it over. */
export async function withPage<T>(file: string, choice: PageChoice, use: (opened: OpenedPage) => Promise<T>): Promise<T> {
  const { width, height, colorScheme } = choice;
  const context = await (await openBrowser()).newContext({ viewport: { width, height }, colorScheme, offline: true });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
    const url = `file://${file}`;
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(url);
    return await use({ page, complaints });
  } finally {
    await context.close();
  }
}
