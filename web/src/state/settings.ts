import { Topic } from './topic.ts';

const KEY = 'quanthybrid.settings';

export type Theme = 'light' | 'dark' | 'system';

interface Settings {
  readonly theme: Theme;
  /** Colors of gain and loss. */
  readonly pair: 'green' | 'blue';
  /** Of tables by name: column and direction. */
  readonly sorts: Readonly<Record<string, string>>;
  readonly indicators: readonly string[];
  readonly interval: string;
}

const DEFAULTS: Settings = { theme: 'system', pair: 'green', sorts: {}, indicators: ['ema-20', 'bollinger-20'], interval: '1m' };

/** What a person has chosen, kept in this browser. Storage may be switched off: then it lasts as long as the page. */
function load(): Settings {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...DEFAULTS, ...parsed } : DEFAULTS;
  } catch {
    return DEFAULTS;
  }
}

export const settings = new Topic<Settings>(load());

export function changeSettings(change: Partial<Settings>): void {
  settings.update((value) => ({ ...value, ...change }));
  try {
    localStorage.setItem(KEY, JSON.stringify(settings.get()));
  } catch {
    return;
  }
  applySettings();
}

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
darkQuery.addEventListener('change', () => applySettings());

export function isDark(): boolean {
  const { theme } = settings.get();
  return theme === 'dark' || (theme === 'system' && darkQuery.matches);
}

/** Told after tokens have changed, for what draws by itself. */
export const themeVersion = new Topic(0);

export function applySettings(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  document.documentElement.dataset['pair'] = settings.get().pair;
  themeVersion.update((version) => version + 1);
}

/** A token's value as it is now. */
export function tokenColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
