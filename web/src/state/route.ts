import { Topic } from './topic.ts';

export const PAGES = ['overview', 'markets', 'orders', 'positions', 'strategies', 'risk', 'research', 'operations'] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  readonly page: PageName;
  /** What is looked at on the page: an instrument, an order, a strategy, a run; empty for none. */
  readonly subject: string;
}

/** `#/orders/O-17`: in the fragment, so that the server has one page only. */
export function parseRoute(hash: string): Route {
  const [, page = '', ...rest] = hash.split('/');
  const known = PAGES.find((name) => name === page);
  let subject = '';
  try {
    subject = decodeURIComponent(rest.join('/'));
  } catch {
    subject = '';
  }
  return known === undefined ? { page: 'overview', subject: '' } : { page: known, subject };
}

export function routeText({ page, subject }: Route): string {
  return subject === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(subject)}`;
}

export const route = new Topic<Route>(parseRoute(location.hash));
addEventListener('hashchange', () => route.set(parseRoute(location.hash)));

export function goTo(page: PageName, subject = ''): void {
  location.hash = routeText({ page, subject });
}
