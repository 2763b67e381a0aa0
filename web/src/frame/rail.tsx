import { useState } from 'react';
import { isOpen } from '../state/derived.ts';
import { desk } from '../state/desk.ts';
import { PAGES, type PageName, route, routeText } from '../state/route.ts';
import { changeSettings, isDark, settings } from '../state/settings.ts';
import { useTopic } from '../state/topic.ts';
import { Icon } from './icons.tsx';

export const PAGE_TITLES: Readonly<Record<PageName, string>> = {
  overview: 'Overview',
  markets: 'Markets',
  orders: 'Orders',
  positions: 'Positions',
  strategies: 'Strategies',
  risk: 'Risk',
  research: 'Research',
  operations: 'Operations',
};
/** More is not counted in the rail. */
const COUNT_MAX = 999;
/** What the bottom bar of a small screen has room for; the rest is behind "More". */
const FIRST_PAGES: readonly PageName[] = ['overview', 'markets', 'orders', 'positions'];

function WorkingCount() {
  const open = useTopic(desk.orders).filter(isOpen).length;
  return open === 0 ? null : <span className="count">{open > COUNT_MAX ? `${COUNT_MAX}+` : open}</span>;
}

function PageLink({ name, onGo }: { readonly name: PageName; readonly onGo?: () => void }) {
  const { page } = useTopic(route);
  return (
    <a
      href={routeText({ page: name, subject: '' })}
      aria-current={page === name ? 'page' : undefined}
      className={FIRST_PAGES.includes(name) ? '' : 'later'}
      onClick={onGo}
    >
      <Icon name={name} />
      {PAGE_TITLES[name]}
      {name === 'orders' ? <WorkingCount /> : null}
    </a>
  );
}

interface RailProps {
  readonly onHelp: () => void;
  readonly onAccount: () => void;
  readonly onSignOut: () => void;
}

/** The pages, at the left edge; at the bottom of a small screen. */
export function Rail({ onHelp, onAccount, onSignOut }: RailProps) {
  const { page } = useTopic(route);
  const me = useTopic(desk.me);
  useTopic(settings);
  const [isMore, setMore] = useState(false);
  const leave = () => setMore(false);
  return (
    <nav className={`rail ${isMore ? 'with-more' : ''}`} aria-label="Pages">
      {PAGES.map((name) => (
        <PageLink key={name} name={name} onGo={leave} />
      ))}
      <button
        type="button"
        className={`more ${FIRST_PAGES.includes(page) ? '' : 'current'}`}
        aria-expanded={isMore}
        onClick={() => setMore(!isMore)}
      >
        <Icon name="more" />
        More
      </button>
      <div className="rail-foot">
        <button
          type="button"
          title={isDark() ? 'Light theme' : 'Dark theme'}
          onClick={() => changeSettings({ theme: isDark() ? 'light' : 'dark' })}
        >
          {isDark() ? 'Light' : 'Dark'}
        </button>
        <button type="button" onClick={onHelp}>
          Keys ?
        </button>
        <button type="button" title="Password, second factor, sessions" onClick={onAccount}>
          Account
        </button>
        <button type="button" title={`Signed in as ${me?.userName ?? ''}, ${me?.role ?? ''}`} onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </nav>
  );
}
